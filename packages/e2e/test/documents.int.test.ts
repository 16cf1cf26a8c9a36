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
