import { describe, expect, it } from 'vitest';
import { cannectors } from '../src/command.ts';
import { workspace } from '../src/workspace.ts';

const input = '{ type: file, path: in.ndjson }';
const output = '{ type: file, path: out.ndjson }';

/** What is wrong, the text of `bad.yaml`, the exit code of `validate`, and what stderr says. */
const documents: [string, string, number, RegExp[]][] = [
  [
    'malformed YAML',
    `name: a\ninput: {type: file\noutput: ${output}\n`,
    2,
    [/Parse errors/, /^bad\.yaml:\d+:\d+: /m],
  ],
  [
    'a key that stands twice',
    `name: a\nname: b\ninput: ${input}\noutput: ${output}\n`,
    2,
    [/^bad\.yaml:2:1: /m],
  ],
  ['an empty file', '  \n', 2, [/Parse errors/, /empty content/]],
  ['a list', '- name: a\n', 2, [/Parse errors/, /expected an object, got/]],
  ['comments only', '# nothing\n', 1, [/Validation errors/, /^bad\.yaml\S* \/: /m]],
  ['neither shape', 'name: a\n', 1, [/`?input`?.*`?spec`?/]],
  [
    'an unknown key',
    `name: a\ninputt: ${input}\ninput: ${input}\noutput: ${output}\n`,
    1,
    [/^bad\.yaml:2:\d+ .*inputt/m, /did you mean "input"\?/i],
  ],
  [
    'an unknown key of a plugin',
    `name: a\ninput: {type: file, pth: in.ndjson}\noutput: ${output}\n`,
    1,
    [/^bad\.yaml:2:\d+ input/m, /pth/, /did you mean "path"\?/i],
  ],
  [
    'a missing key',
    `name: a\ninput: {type: file}\noutput: ${output}\n`,
    1,
    [/^bad\.yaml:2:\d+ input: missing required property "path"/m],
  ],
  [
    'a wrong type',
    `name: a\ninput: {type: file, path: 3}\noutput: ${output}\n`,
    1,
    [/^bad\.yaml:2:27 input\.path: expected string, got number/m],
  ],
  [
    'an unknown plugin',
    `name: a\ninput: {type: fiel, path: x}\noutput: ${output}\n`,
    1,
    [/^bad\.yaml:2:\d+ input\.type: /m, /did you mean "file"\?/i],
  ],
  [
    'a plugin that is not installed',
    `name: a\ninput: {type: amqp}\noutput: ${output}\n`,
    1,
    [/input\.type: /, / {2}→ .*cannectors-input-amqp/],
  ],
  [
    'a plugin of ours that is not installed',
    `name: a\ninput: {type: soapPolling}\noutput: ${output}\n`,
    1,
    [/input\.type: /, / {2}→ .*@cannectors\/input-soap-polling/],
  ],
  [
    'a schedule that is no cron text',
    `name: a\ninput: {type: file, path: x, schedule: "61 * * * *"}\noutput: ${output}\n`,
    1,
    [/^bad\.yaml:2:\d+ input\.schedule: .*Invalid CRON expression/m],
  ],
  [
    'an expression that does not compile',
    `name: a\ninput: ${input}\nfilters: [{type: condition, expression: "a >"}]\noutput: ${output}\n`,
    1,
    [/^bad\.yaml:3:\d+ filters\[0\]\.expression: /m],
  ],
  [
    'a reserved target',
    `name: a\ninput: ${input}\nfilters:\n  - {type: set, target: _errors, value: 1}\noutput: ${output}\n`,
    1,
    [/^bad\.yaml:4:\d+ filters\[0\]\.target: /m, / {2}→ /],
  ],
  [
    'a version that is not installed',
    `name: a\nrequires: {file: "^99"}\ninput: ${input}\noutput: ${output}\n`,
    1,
    [/file/, /\^99/],
  ],
];

describe('validate and run', () => {
  it.each(documents)('refuse %s', async (_what, text, exitCode, expected) => {
    const space = workspace({ 'bad.yaml': text, 'in.ndjson': '{"id":1}\n' });

    const ended = await Promise.all([
      cannectors(['validate', 'bad.yaml'], space),
      cannectors(['run', 'bad.yaml'], space),
    ]);

    for (const { code, stderr } of ended) {
      expect(code).toBe(exitCode);
      for (const pattern of expected) expect(stderr).toMatch(pattern);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(stderr).not.toContain('Configuration is valid');
    }
    expect(space.records('out.ndjson')).toEqual([]);
  });
});

describe('validate', () => {
  it('says that a file is right: what it is, and with --verbose its name and version', async () => {
    const text = `name: shop\nversion: "1.2"\ninput: ${input}\noutput: ${output}\n`;
    const space = workspace({ 'a.yaml': text });

    const plain = await cannectors(['validate', 'a.yaml'], space);
    const verbose = await cannectors(['validate', 'a.yaml', '--verbose'], space);
    const quiet = await cannectors(['validate', 'a.yaml', '--quiet'], space);

    expect(plain.code).toBe(0);
    expect(plain.stderr).toBe('✔ Configuration is valid  a.yaml (yaml)\n');
    expect(verbose.stderr).toBe('✔ Configuration is valid  a.yaml (yaml)  shop  version 1.2\n');
    expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('reports all problems, in the order of the file', async () => {
    const text = `name: 3\ninput: {type: file}\nfilters: [{type: sett}]\noutput: {type: file}\n`;
    const space = workspace({ 'bad.yaml': text });

    const { stderr } = await cannectors(['validate', 'bad.yaml'], space);

    const lines = [...stderr.matchAll(/^bad\.yaml:(\d)/gm)].map(([, line]) => line);
    expect(lines).toEqual(['1', '2', '3', '4']);
  });

  it('says more with --verbose, and points there without', async () => {
    const space = workspace({ 'bad.yaml': documents[9]?.[1] ?? '' });

    const plain = await cannectors(['validate', 'bad.yaml'], space);
    const verbose = await cannectors(['validate', 'bad.yaml', '--verbose'], space);
    const quiet = await cannectors(['validate', 'bad.yaml', '--quiet'], space);

    expect(plain.stderr).toContain('--verbose');
    expect(verbose.stderr).toContain('found "number"');
    expect(quiet.stderr).not.toContain('--verbose');
    expect(quiet.stderr).toContain('expected string, got number');
  });

  it('exits with the highest code of its files, and takes globs', async () => {
    const good = `name: a\ninput: ${input}\noutput: ${output}\n`;
    const space = workspace({
      'p/good.yaml': good,
      'p/invalid.yaml': 'name: a\n',
      'p/broken.yaml': 'name: [\n',
      'q/good.json': {
        name: 'a',
        input: { type: 'file', path: 'in.ndjson' },
        output: { type: 'file', path: 'out.ndjson' },
      },
    });

    expect(await cannectors(['validate', 'q/*'], space)).toMatchObject({ code: 0 });
    expect(await cannectors(['validate', 'p/good.yaml', 'p/invalid.yaml'], space)).toMatchObject({
      code: 1,
    });
    const all = await cannectors(['validate', 'p/*.yaml', 'q/good.json'], space);
    expect(all.code).toBe(2);
    expect(all.stderr).toContain('p/invalid.yaml');
    expect(all.stderr).toContain('p/broken.yaml');
  });

  it.each(['missing.yaml', 'nothing/*.yaml', '.'])('cannot read %s: exit code 2', async (file) => {
    const { code, stderr } = await cannectors(['validate', file], workspace());

    expect(code).toBe(2);
    expect(stderr).toContain('failed to read file');
  });

  it('does not look at the environment', async () => {
    const text = `name: a\ninput: {type: file, path: "\${NO_SUCH_VARIABLE}"}\noutput: ${output}\n`;
    const space = workspace({ 'a.yaml': text });

    expect(await cannectors(['validate', 'a.yaml'], space)).toMatchObject({ code: 0 });
  });
});

describe('run', () => {
  it('names all variables that are not set, and no value', async () => {
    const space = workspace({
      'a.yaml': `name: a\ninput: {type: file, path: "\${B_MISSING}/\${PRESENT}"}\noutput: {type: file, path: "\${A_EMPTY}"}\n`,
    });
    const env = { A_EMPTY: '', PRESENT: 'a-value-to-hide' };

    const { code, stdout, stderr } = await cannectors(['run', 'a.yaml'], { ...space, env });

    expect(code).toBe(1);
    expect(stderr).toContain('unresolved environment variable(s): A_EMPTY, B_MISSING');
    expect(stdout + stderr).not.toContain('a-value-to-hide');
  });

  it('refuses a disabled pipeline, in every mode, and says how to enable it', async () => {
    const text = `name: a\nenabled: false\ninput: ${input}\noutput: ${output}\n`;
    const space = workspace({ 'a.yaml': text, 'in.ndjson': '{"id":1}\n' });

    for (const flags of [[], ['--once'], ['--dry-run']]) {
      const { code, stderr } = await cannectors(['run', 'a.yaml', ...flags], space);
      expect(code).toBe(1);
      expect(stderr).toContain('Pipeline is disabled');
      expect(stderr).toMatch(/ {2}→ .*enabled/);
    }
    expect(await cannectors(['validate', 'a.yaml'], space)).toMatchObject({ code: 0 });
  });

  it('does not start without the file that it reads: exit code 3', async () => {
    const space = workspace({ 'a.yaml': `name: a\ninput: ${input}\noutput: ${output}\n` });

    const { code, stderr } = await cannectors(['run', 'a.yaml'], space);

    expect(code).toBe(3);
    expect(stderr).toContain('Pipeline execution failed');
    expect(stderr).toContain('in.ndjson');
  });
});

describe('a state that cannot be used', () => {
  const persistent = `name: a\ninput: {type: file, path: in.ndjson, statePersistence: {offset: {enabled: true}}}\noutput: ${output}\n`;

  it.each([
    ['empty', ''],
    ['no JSON', '{"offset":'],
    ['a list', '[]'],
    ['a wrong value', '{"offset": -1}'],
  ])('stops the run when it is %s, and names the file and the ways out', async (_what, state) => {
    const space = workspace({
      'a.yaml': persistent,
      'in.ndjson': '{"id":1}\n',
      '.cannectors-state/a.json': state,
    });

    const { code, stderr, stdout } = await cannectors(['run', 'a.yaml'], space);

    expect(code).toBe(3);
    expect(stderr).toContain('.cannectors-state/a.json');
    expect(stderr).toMatch(/repair/i);
    expect(stderr).toMatch(/delete/i);
    expect(stdout).toContain('"error_code":"state.unreadable"');
    expect(space.records('out.ndjson')).toEqual([]);
    expect(space.read('.cannectors-state/a.json')).toBe(state);
  });

  it('stops the run when its folder is a file', async () => {
    const space = workspace({
      'a.yaml': persistent,
      'in.ndjson': '{"id":1}\n',
      '.cannectors-state': 'a file',
    });

    const { code, stdout } = await cannectors(['run', 'a.yaml'], space);

    expect(code).toBe(3);
    expect(stdout).toContain('"error_code":"state.unwritable"');
    expect(space.records('out.ndjson')).toEqual([]);
  });
});
