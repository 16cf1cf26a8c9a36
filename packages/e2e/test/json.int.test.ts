import { describe, expect, it } from 'vitest';
import { api } from '../src/api.ts';
import { cannectors, logLines, start } from '../src/command.ts';
import { workspace } from '../src/workspace.ts';

const good =
  'name: shop\ninput: {type: file, path: in.ndjson}\noutput: {type: file, path: out.ndjson}\n';
const files = { 'a.yaml': good, 'in.ndjson': '{"id":1}\n{"id":2}\n' };

describe('validate --json', () => {
  it('is one document on what is right and wrong with each file', async () => {
    const space = workspace({
      'a.yaml': good,
      'b.json': '{"name": "b", "inputt": {}}',
      'c.yaml': 'name: [\n',
    });

    const { code, stdout } = await cannectors(
      ['validate', '--json', 'a.yaml', 'b.json', 'c.yaml'],
      space,
    );

    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      valid: false,
      files: [
        {
          file: 'a.yaml',
          format: 'yaml',
          valid: true,
          pipeline: 'shop',
          problems: [],
          warnings: [],
        },
        {
          file: 'b.json',
          format: 'json',
          valid: false,
          pipeline: 'b',
          problems: expect.arrayContaining([
            expect.objectContaining({
              code: expect.any(String),
              pointer: expect.any(String),
              line: 1,
              column: expect.any(Number),
              message: expect.any(String),
            }),
          ]),
          warnings: [],
        },
        {
          file: 'c.yaml',
          format: 'yaml',
          valid: false,
          pipeline: null,
          problems: [expect.objectContaining({ code: expect.stringMatching(/^parse\./) })],
          warnings: [],
        },
      ],
    });
  });
});

describe('run --json', () => {
  it('is the result of the run; the log goes to stderr', async () => {
    const { code, stdout, stderr } = await cannectors(
      ['run', '--json', 'a.yaml'],
      workspace(files),
    );

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      pipeline: 'shop',
      run: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'success',
      records_read: 2,
      records_written: 2,
      records_failed: 0,
      records_dropped: 0,
      started_at: expect.stringMatching(/^\d{4}-/),
      completed_at: expect.stringMatching(/^\d{4}-/),
      duration_ms: expect.any(Number),
    });
    expect(logLines(stderr).at(-1)).toMatchObject({ msg: 'execution completed' });
  });

  it('has the error of a run that failed', async () => {
    const { url } = await api(() => ({ status: 401 }));
    const document = {
      name: 'shop',
      input: { type: 'httpPolling', endpoint: `${url}/a` },
      output: { type: 'file', path: 'out.ndjson' },
    };

    const { code, stdout } = await cannectors(
      ['run', '--json', 'a.json'],
      workspace({ 'a.json': document }),
    );

    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'error',
      error: {
        code: 'INPUT_FAILED',
        module: 'httpPolling',
        message: expect.stringContaining('authentication error (status 401)'),
        error_category: 'authentication',
        error_type: 'fatal',
      },
    });
  });

  it('has a preview in a dry run', async () => {
    const space = workspace(files);
    const { code, stdout } = await cannectors(['run', '--json', '--dry-run', 'a.yaml'], space);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'success',
      records_written: 2,
      preview: [{ output: 'output', records: 2, operations: expect.any(Array) }],
    });
    expect(space.records('out.ndjson')).toEqual([]);
  });

  it.each([
    ['a.yaml', 'name: shop\n', 1, 'shop'],
    ['a.yaml', 'name: [\n', 2, null],
    ['none.yaml', '', 2, null],
  ])('has the problems when nothing ran: %s, %j', async (file, text, exitCode, pipeline) => {
    const { code, stdout } = await cannectors(
      ['run', '--json', file],
      workspace({ 'a.yaml': text }),
    );

    expect(code).toBe(exitCode);
    expect(JSON.parse(stdout)).toEqual({
      pipeline,
      status: 'error',
      error: { code: expect.any(String), message: expect.any(String) },
      problems: expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]),
    });
  });

  it('is one result a line on a schedule', async () => {
    const space = workspace({
      ...files,
      'a.yaml': good.replace('.ndjson}', '.ndjson, schedule: "* * * * * *"}'),
    });
    const run = start(['run', '--json', 'a.yaml'], space);

    await run.says('"status":"success"');
    run.signal('SIGTERM');
    const { code, stdout } = await run.ended;

    expect(code).toBe(0);
    const results = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    for (const result of results) {
      expect(result).toMatchObject({ pipeline: 'shop', status: 'success' });
    }
  });
});

describe('state', () => {
  const persistent = good.replace(
    'in.ndjson}',
    'in.ndjson, statePersistence: {offset: {enabled: true}}}',
  );

  it('is read, replaced, deleted; set is a backfill and clear a full re-sync', async () => {
    const space = workspace({ ...files, 'a.yaml': persistent });
    const state = (...words: string[]) => cannectors(['state', ...words], space);

    expect(JSON.parse((await state('get', 'a.yaml')).stdout)).toEqual({});
    await cannectors(['run', 'a.yaml'], space);
    expect(JSON.parse((await state('get', 'a.yaml')).stdout)).toEqual({ offset: 18 });
    expect(await state('set', 'a.yaml', '{"offset":9}')).toMatchObject({ code: 0 });
    await cannectors(['run', 'a.yaml'], space);
    expect(space.records('out.ndjson').map(({ id }) => id)).toEqual([1, 2, 2]);
    expect(await state('clear', 'a.yaml')).toMatchObject({ code: 0 });
    await cannectors(['run', 'a.yaml'], space);
    expect(space.records('out.ndjson').map(({ id }) => id)).toEqual([1, 2, 2, 1, 2]);
  });

  it.each(['no json', '[]', '{"offset":-1}', '{"timestamp":"soon"}'])(
    'is not replaced by %s: exit code 3',
    async (content) => {
      const space = workspace({ ...files, 'a.yaml': persistent });

      const { code, stderr } = await cannectors(['state', 'set', 'a.yaml', content], space);

      expect(code).toBe(3);
      expect(stderr).toMatch(/^✖ /);
      expect(await cannectors(['state', 'get', 'a.yaml'], space)).toMatchObject({ stdout: '{}\n' });
    },
  );

  it('keeps digits beyond 2^53', async () => {
    const space = workspace({ ...files, 'a.yaml': persistent });

    await cannectors(['state', 'set', 'a.yaml', '{"id":12345678901234567890}'], space);

    expect(space.json('.cannectors-state/shop.json')).toEqual({ id: '12345678901234567890' });
  });
});

describe('plugins', () => {
  it('lists kind, type, package, version and where they come from', async () => {
    const { code, stdout } = await cannectors(['plugins', '--json'], workspace());

    expect(code).toBe(0);
    const list = JSON.parse(stdout) as { kind: string; type: string }[];
    expect(list.find(({ kind, type }) => kind === 'input' && type === 'httpPolling')).toEqual({
      kind: 'input',
      type: 'httpPolling',
      aliases: [],
      package: '@cannectors/input-http-polling',
      version: expect.stringMatching(/^\d/),
      apiVersion: 1,
      description: expect.any(String),
      from: 'bundle',
    });
    const text = (await cannectors(['plugins'], workspace())).stdout;
    expect(text).toMatch(/^input +httpPolling +@cannectors\/input-http-polling \S+ +bundle$/m);
  });

  it('prefers those of the project', async () => {
    const home = 'node_modules/cannectors-filter-set';
    const space = workspace({
      'package.json': { dependencies: { 'cannectors-filter-set': '2' } },
      [`${home}/package.json`]: {
        name: 'cannectors-filter-set',
        version: '2.1.0',
        description: 'Another one.',
        cannectors: { apiVersion: 1, kind: 'filter', type: 'set' },
      },
      [`${home}/schema.json`]: { type: 'object' },
    });

    const { stdout } = await cannectors(['plugins'], space);

    expect(stdout).toMatch(/^filter +set +cannectors-filter-set 2\.1\.0 +project$/m);
  });

  it('describes one: what it does, delivers and accepts', async () => {
    const { code, stdout } = await cannectors(['plugins', 'describe', 'httpPolling'], workspace());

    expect(code).toBe(0);
    expect(stdout).toMatch(/^input httpPolling .*@cannectors\/input-http-polling/);
    expect(stdout).toMatch(/^Delivery$/m);
    expect(stdout).toMatch(/^ {2}endpoint .*required$/m);
    expect(stdout).toMatch(/^ {2}retry\.maxAttempts /m);
  });

  it('gives the schema of one with --json', async () => {
    const { stdout } = await cannectors(['plugins', 'describe', 'set', '--json'], workspace());

    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', properties: { target: {} } });
  });

  it.each([
    ['sett', 'Did you mean `set`?'],
    ['file', '`input:file` or `output:file`'],
    ['input:nothing', 'There is no plugin `input:nothing`.'],
  ])('says what is wrong with `%s`', async (word, message) => {
    const { code, stdout, stderr } = await cannectors(['plugins', 'describe', word], workspace());

    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  it('takes kind and type', async () => {
    const { code, stdout } = await cannectors(['plugins', 'describe', 'output:file'], workspace());

    expect(code).toBe(0);
    expect(stdout).toMatch(/^output file /);
  });
});

describe('schema', () => {
  it('is one JSON Schema of everything installed', async () => {
    const { code, stdout } = await cannectors(['schema'], workspace());

    expect(code).toBe(0);
    const schema = JSON.parse(stdout) as Record<string, unknown>;
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    for (const type of ['httpPolling', 'mapping', 'console']) expect(stdout).toContain(`"${type}"`);
  });
});
