import { describe, expect, it } from 'vitest';
import { cannectors } from '../src/command.ts';
import { workspace } from '../src/workspace.ts';

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
