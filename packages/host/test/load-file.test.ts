import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type LoadedFile, loadFile, type LoadOptions } from '../src/load-file.ts';
import { testProject } from './test-plugins.ts';

async function loaded(
  text: string,
  options: LoadOptions = {},
  name = 'orders.yaml',
): Promise<LoadedFile> {
  const { installed, file } = await testProject({ [name]: text });
  return await loadFile(file(name), installed, options);
}

const places = ({ problems }: LoadedFile): string[] =>
  problems.map(({ code, pointer, line, column }) => `${line}:${column} ${pointer} ${code}`);

const good = `
name: orders
input: { type: numbers, count: 2 }
filters:
  - { type: tag, value: "\${TAG}" }
output: { type: lines, path: out }
`;

describe('loadFile', { timeout: 20_000 }, () => {
  it('reads a pipeline, and leaves variables as text without an environment', async () => {
    const file = await loaded(good);

    expect(file).toMatchObject({ name: 'orders', format: 'yaml', exitCode: 0, endless: false });
    expect(file.problems).toEqual([]);
    expect(file.pipeline?.filters[0]?.config).toEqual({ value: '${TAG}' });
    expect(file.at('/filters/0')).toMatchObject({ line: 5 });
  });

  it('puts the environment in', async () => {
    const file = await loaded(good, { env: { TAG: 'gold' } });

    expect(file.exitCode).toBe(0);
    expect(file.pipeline?.filters[0]?.config).toEqual({ value: 'gold' });
  });

  it('says which variables are missing', async () => {
    const file = await loaded(good, { env: {} });

    expect(file.exitCode).toBe(1);
    expect(file.problems[0]?.message).toContain('TAG');
    expect(file.name).toBe('orders');
  });

  it('says what a plugin says when it compiles its texts, and where', async () => {
    const file = await loaded(`
name: orders
input: { type: numbers }
filters:
  - type: tag
    refuse: one
  - type: tag
    refuse: two
output:
  type: lines
  refuse: three
`);

    expect(places(file)).toEqual([
      '6:13 /filters/0/refuse test.refused',
      '8:13 /filters/1/refuse test.refused',
      '11:11 /output/refuse test.refused',
    ]);
    expect(file.problems[0]).toMatchObject({
      message: 'The value one is not right.',
      hint: 'Change it.',
    });
    expect(file.exitCode).toBe(1);
  });

  it('finds all that is wrong in nested lists', async () => {
    const file = await loaded(`
name: orders
input: { type: numbers }
filters:
  - type: branch
    then:
      - type: tag
        refuse: one
      - type: branch
        then:
          - { type: tag, refuse: two }
          - { type: tag, refuse: three, enabled: false }
output: { type: lines }
`);

    expect(places(file)).toEqual([
      '8:17 /filters/0/then/0/refuse test.refused',
      '11:34 /filters/0/then/1/then/0/refuse test.refused',
    ]);
  });

  it('finds the place of an option under `config` in a spec document', async () => {
    const file = await loaded(`
metadata: { name: orders }
spec:
  source: { type: numbers, config: { count: 1 } }
  sinks:
    - type: lines
      config:
        refuse: one
`);

    expect(places(file)).toEqual(['8:17 /spec/sinks/0/config/refuse test.refused']);
    expect(file.name).toBe('orders');
  });

  it.each([
    ['a cron text', 'schedule: "61 * * * *"', '', '4:13 /input/schedule schedule.bad-cron'],
    [
      'a time zone',
      'schedule: "@daily"\n  timezone: Mars/X',
      '',
      '4:13 /input/schedule schedule.bad-timezone',
    ],
    [
      'a schedule of what never ends',
      'schedule: "@daily"\n  endless: true',
      '',
      '4:13 /input/schedule schedule.endless-input',
    ],
    [
      'a whole run of what never ends',
      'endless: true',
      'wholeRun: true',
      '5:9 /output output.whole-run',
    ],
    [
      'a kept checkpoint without a cursor',
      'count: 1',
      'keeps: true',
      '5:9 /output output.keeps-alone',
    ],
  ])('checks %s', async (_title, input, output, expected) => {
    const file = await loaded(`name: orders
input:
  type: numbers
  ${input}
output: { type: lines, ${output} }
`);

    expect(places(file)).toEqual([expected]);
  });

  it('checks a filter that gives at the end of what never ends', async () => {
    const documentOf = (input: string, filter: string): string =>
      `name: orders\ninput: { type: numbers${input} }\nfilters: [{ type: ${filter} }]\noutput: { type: lines }\n`;

    const endless = await loaded(documentOf(', endless: true', 'gather'));
    const finite = await loaded(documentOf('', 'gather'));
    const windowed = await loaded(documentOf(', endless: true', 'gather, window: true'));

    expect(places(endless)).toEqual(['3:11 /filters/0 filter.whole-run']);
    expect([places(finite), places(windowed)]).toEqual([[], []]);
  });

  it('lets only the one output keep the checkpoint', async () => {
    const input = '{ type: numbers, statePersistence: { id: { enabled: true, field: id } } }';
    const alone = await loaded(`
name: orders
input: ${input}
output: { type: lines, keeps: true }
`);
    const together = await loaded(`
name: orders
input: ${input}
outputs:
  - { type: lines, id: one, keeps: true }
  - { type: lines, id: two }
`);

    expect(alone.problems).toEqual([]);
    expect(places(together)).toEqual(['5:5 /outputs/0 output.keeps-alone']);
  });

  it('checks the condition of an output', async () => {
    const file = await loaded(`
name: orders
input: { type: numbers }
routing: all
outputs:
  - { id: a, type: lines, when: "id > 1" }
  - { id: b, type: lines, when: "id >" }
`);

    expect(file.problems).toHaveLength(1);
    expect(file.problems[0]).toMatchObject({ pointer: '/outputs/1/when', line: 7 });
  });

  it('tells a filter that gathers from one that can be nested', async () => {
    const file = await loaded(`
name: orders
input: { type: numbers }
filters: [{ type: gather }, { type: branch, then: [{ type: gather }] }]
output: { type: lines }
`);

    expect(places(file)).toEqual(['4:51 /filters/1/then filter.cannot-nest']);
  });

  it('says that a plugin cannot be loaded', async () => {
    const { installed, file } = await testProject({ 'orders.yaml': good });
    writeFileSync(file('node_modules/test-filter-tag/index.js'), 'throw new Error("no driver");');

    const { problems } = await loadFile(file('orders.yaml'), installed, {});

    expect(problems).toMatchObject([
      { code: 'plugin.failed', pointer: '/filters/0/type', line: 5 },
    ]);
  });

  it('imports only what the document uses, and nothing before the document is right', async () => {
    const { installed, file } = await testProject({ 'orders.yaml': good, 'bad.yaml': 'name: 1' });
    writeFileSync(file('node_modules/test-filter-branch/index.js'), 'throw new Error("imported");');

    expect((await loadFile(file('orders.yaml'), installed, {})).problems).toEqual([]);
    writeFileSync(file('node_modules/test-filter-tag/index.js'), 'throw new Error("imported");');
    expect((await loadFile(file('bad.yaml'), installed, {})).exitCode).toBe(1);
  });

  it('gives what a plugin warns of when nobody runs it', async () => {
    const text = `
name: orders
input: { type: numbers, remark: reads what is not kept }
output: { type: lines }
`;

    expect((await loaded(text)).warnings).toMatchObject([
      {
        code: 'module.warning',
        pointer: '/input/remark',
        line: 3,
        message: 'reads what is not kept (variable: "lastId")',
      },
    ]);
    expect((await loaded(text, { env: {} })).warnings).toEqual([]);
  });

  it('refuses to run a disabled pipeline, and validates it all the same', async () => {
    const text = good.replace('name: orders', 'name: orders\nenabled: false');

    const run = await loaded(text, { env: { TAG: 'x' } });

    expect(run.problems).toMatchObject([
      { code: 'pipeline.disabled', message: 'Pipeline is disabled', pointer: '/enabled', line: 3 },
    ]);
    expect(run.exitCode).toBe(1);
    expect(run.pipeline?.name).toBe('orders');
    expect((await loaded(text)).exitCode).toBe(0);
  });

  it('makes no module that is disabled', async () => {
    const file = await loaded(`
name: orders
input: { type: numbers, enabled: false, refuse: a }
filters: [{ type: tag, enabled: false, refuse: b }]
output: { type: lines, enabled: false, refuse: c }
`);

    expect(file.problems).toEqual([]);
  });

  it('names no secret', async () => {
    const file = await loaded(
      `
name: orders
input: { type: numbers, token: "\${KEY}", refuse: "\${KEY}" }
output: { type: lines }
`,
      { env: { KEY: 's3cret-key' } },
    );

    expect(JSON.stringify(file.problems)).not.toContain('s3cret');
    expect(file.problems[0]?.message).toBe('The value *** is not right.');
  });

  it('makes the modules once, and opens and writes nothing (G7)', async () => {
    const { installed, file, root } = await testProject();
    const diary = file('diary');
    writeFileSync(
      file('orders.yaml'),
      `
name: orders
input: { type: numbers, diary: "${diary}", statePersistence: { id: { enabled: true }, storagePath: "${file('state')}" } }
output: { type: lines, diary: "${diary}", path: "${file('out')}" }
deadLetter: true
`,
    );
    const before = readdirSync(root);

    const { exitCode } = await loadFile(file('orders.yaml'), installed, { env: {} });

    expect(exitCode).toBe(0);
    expect(readFileSync(diary, 'utf8')).toBe('input create\noutput create\n');
    expect(readdirSync(root).filter((name) => !before.includes(name))).toEqual(['diary']);
  });

  it.each([
    ['nothing there', undefined, 2, 'parse.io'],
    ['a syntax error', 'name: [', 2, 'parse.'],
    ['an empty file', '', 2, 'parse.empty'],
    [
      'an unknown type',
      'name: a\ninput: { type: nubmers }\noutput: { type: lines }',
      1,
      'config.unknown-type',
    ],
  ])('ends with the right code for %s', async (_title, text, exitCode, code) => {
    const { installed, file } = await testProject(text === undefined ? {} : { 'x.yaml': text });

    const result = await loadFile(file('x.yaml'), installed, {});

    expect(result.exitCode).toBe(exitCode);
    expect(result.problems[0]?.code).toContain(code);
    expect(result.pipeline).toBeUndefined();
  });
});
