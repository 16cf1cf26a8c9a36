import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { api } from '../src/api.ts';
import { cannectors, logLines } from '../src/command.ts';
import { workspace } from '../src/workspace.ts';

const files = {
  'a.yaml': `name: shop
input: {type: file, path: in.ndjson}
filters:
  - {type: condition, expression: id == 1, then: [{type: drop}]}
  - {type: drop, enabled: false}
output: {type: file, path: out.ndjson}
`,
  'in.ndjson': '{"id":1}\n{"id":2}\n{"id":3}\n',
};

const failing = {
  'a.yaml': `name: shop
input: {type: file, path: in.ndjson}
filters:
  - {type: mapping, mappings: [{source: missing, target: x, onMissing: fail}]}
output: {type: file, path: out.ndjson}
`,
  'in.ndjson': '{"id":1}\n',
};

describe('off a terminal', () => {
  it('stdout carries JSON lines and nothing else, text for people goes to stderr', async () => {
    const { code, stdout, stderr } = await cannectors(['run', 'a.yaml'], workspace(files));

    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.every((line) => line.startsWith('{'))).toBe(true);
    expect(logLines(stdout)).toHaveLength(lines.length);
    expect(stderr).toContain('Configuration loaded');
    expect(stderr).toContain('✔ Pipeline executed successfully  shop');
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('has the keys of a line in order, compact, with pipeline and run', async () => {
    const { stdout } = await cannectors(['run', 'a.yaml', '--verbose'], workspace(files));

    const lines = logLines(stdout);
    const ofRun = lines.slice(lines.findIndex(({ msg }) => msg === 'execution started'));
    const run = ofRun[0]?.['run'];
    expect(run).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    for (const line of stdout.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)","level":"(debug|info|warn|error)","msg":"/,
      );
      expect(line).toBe(JSON.stringify(JSON.parse(line)));
    }
    for (const line of lines) expect(line).toMatchObject({ pipeline: 'shop' });
    for (const line of ofRun) expect(line).toMatchObject({ run });
  });

  it('begins with `execution started` and ends with one `execution completed`', async () => {
    const { stdout } = await cannectors(['run', 'a.yaml'], workspace(files));

    const lines = logLines(stdout);
    expect(lines.filter(({ msg }) => msg === 'execution completed')).toHaveLength(1);
    expect(lines[0]).toMatchObject({ msg: 'execution started', level: 'info' });
    expect(lines.at(-1)).toMatchObject({
      msg: 'execution completed',
      level: 'info',
      status: 'success',
      records_read: 3,
      records_written: 2,
      records_failed: 0,
      records_dropped: 1,
      duration_ms: expect.any(Number),
    });
    const stages = lines.filter(({ msg }) => msg === 'stage completed');
    expect(stages.map((line) => [line['stage'], line['record_count']])).toEqual([
      ['input', 3],
      ['filter', 2],
      ['output', 2],
    ]);
    expect(lines.at(-2)).toMatchObject({ msg: 'execution metrics', records_read: 3 });
  });

  it('ends a failed run with `execution completed` at level error, with --quiet too', async () => {
    for (const flags of [[], ['--quiet']]) {
      const { code, stdout, stderr } = await cannectors(
        ['run', 'a.yaml', ...flags],
        workspace(failing),
      );

      expect(code).toBe(3);
      expect(logLines(stdout).at(-1)).toMatchObject({
        msg: 'execution completed',
        level: 'error',
        status: 'error',
        records_read: 1,
        records_written: 0,
        records_failed: 1,
        records_dropped: 0,
        error: expect.stringContaining('missing'),
        error_code: expect.any(String),
        error_category: 'validation',
      });
      expect(stderr).toContain('✖ Pipeline execution failed');
    }
  });

  it.each([
    [[], ['info'], true],
    [['-v'], ['info', 'debug'], true],
    [['-q'], [], false],
    [['-v', '-q'], ['info', 'debug'], false],
  ])('%j logs %j, and says something to people: %s', async (flags, levels, isTalkative) => {
    const { stdout, stderr } = await cannectors(['run', 'a.yaml', ...flags], workspace(files));

    expect(new Set(logLines(stdout).map(({ level }) => level))).toEqual(new Set(levels));
    expect(stderr !== '').toBe(isTalkative);
  });

  it('has its lines before and after a run that could not be built', async () => {
    const space = workspace({ ...files, 'a.yaml': files['a.yaml'].replace('in.nd', 'none.nd') });

    const { code, stdout } = await cannectors(['run', 'a.yaml'], space);

    expect(code).toBe(3);
    expect(logLines(stdout)[0]).toMatchObject({ msg: 'execution started' });
    expect(logLines(stdout).at(-1)).toMatchObject({ msg: 'execution completed', status: 'error' });
  });

  it('has one line for what was refused before a run', async () => {
    const { stdout } = await cannectors(['run', 'a.yaml'], workspace({ 'a.yaml': 'name: a\n' }));

    expect(logLines(stdout)).toEqual([
      expect.objectContaining({ level: 'error', msg: 'configuration refused', file: 'a.yaml' }),
    ]);
  });

  it('says what a retry waits for', async () => {
    let requests = 0;
    const { url } = await api(() => {
      requests++;
      return requests < 3 ? { status: 503 } : { body: [] };
    });
    const space = workspace({
      'a.json': {
        name: 'shop',
        input: { type: 'httpPolling', endpoint: `${url}/a`, retry: { delayMs: 1 } },
        output: { type: 'file', path: 'out.ndjson' },
      },
    });

    const { code, stdout } = await cannectors(['run', 'a.json'], space);

    expect(code).toBe(0);
    const retries = logLines(stdout).filter(({ msg }) => msg === 'retrying request');
    expect(retries).toHaveLength(2);
    expect(retries[0]).toMatchObject({
      level: 'info',
      module: 'httpPolling',
      path: 'input',
      attempt: 1,
      max_attempts: 3,
      delay_ms: 1,
      error_category: 'server',
    });
  });
});

describe('--log-file', () => {
  it('gets JSON lines in addition, beginning with its own', async () => {
    const space = workspace(files);

    const { stdout } = await cannectors(['run', 'a.yaml', '--log-file', 'run.log'], space);

    const [first, ...rest] = logLines(space.read('run.log'));
    expect(first).toMatchObject({ level: 'info', msg: 'log file opened' });
    expect(rest).toEqual(logLines(stdout));
  });

  it('is appended to, and moved aside above 10 MiB', async () => {
    const space = workspace(files);
    const run = () => cannectors(['run', 'a.yaml', '-q', '--log-file', 'run.log'], space);

    await run();
    await run();
    expect(logLines(space.read('run.log'))).toHaveLength(2);
    space.write('run.log', 'x'.repeat(10 * 1024 * 1024 + 1));
    await run();

    expect(logLines(space.read('run.log'))).toHaveLength(1);
    expect(
      readdirSync(space.folder).filter((name) => /^run\.log\.\d{8}-\d{6}$/.test(name)),
    ).toHaveLength(1);
  });

  it('is done without where it cannot be opened', async () => {
    const { code, stderr } = await cannectors(
      ['run', 'a.yaml', '--log-file', 'no/such/folder/run.log'],
      workspace(files),
    );

    expect(code).toBe(0);
    expect(stderr).toContain('The log file is not written');
  });
});

describe('an output that prints records', () => {
  const printing = {
    ...files,
    'a.yaml': files['a.yaml'].replace('{type: file, path: out.ndjson}', '{type: console}'),
  };

  it('has stdout for itself; log and text go to stderr', async () => {
    const { code, stdout, stderr } = await cannectors(['run', 'a.yaml'], workspace(printing));

    expect(code).toBe(0);
    expect(stdout).toBe('{"id":2}\n{"id":3}\n');
    expect(logLines(stderr).at(-1)).toMatchObject({
      msg: 'execution completed',
      status: 'success',
    });
    expect(stderr).toContain('Pipeline executed successfully');
  });

  it('gives stdout to the document under --json', async () => {
    const { stdout, stderr } = await cannectors(['run', 'a.yaml', '--json'], workspace(printing));

    expect(JSON.parse(stdout)).toMatchObject({ status: 'success', records_written: 2 });
    expect(stderr).toContain('{"id":2}\n');
  });
});
