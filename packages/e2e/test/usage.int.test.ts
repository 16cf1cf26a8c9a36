import { describe, expect, it } from 'vitest';
import { cannectors } from '../src/command.ts';
import { workspace } from '../src/workspace.ts';

describe('a command line that says nothing known', () => {
  it.each([
    [[], 'A command is missing.'],
    [['valdate', 'a.yaml'], 'There is no command `valdate`. Did you mean `validate`?'],
    [['run', 'a.yaml', '--dryrun'], 'There is no flag `--dryrun`. Did you mean `--dry-run`?'],
    [['validate', '--once', 'a.yaml'], '`validate` takes no `--once`.'],
    [['run'], '`run` needs <file>.'],
    [['run', 'a.yaml', 'b.yaml'], '`run` takes <file>, not `b.yaml` too.'],
    [['state', 'get'], '`state get` needs <file>.'],
    [['plugins', 'descibe', 'set'], 'Did you mean `plugins describe`?'],
  ])('%j ends with usage on stderr and exit code 3', async (words, message) => {
    const { code, stdout, stderr } = await cannectors(words, workspace());

    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: cannectors');
  });
});

describe('help', () => {
  it.each([[['help']], [['--help']], [['-h']]])('%j lists commands and flags', async (words) => {
    const { code, stdout, stderr } = await cannectors(words, workspace());

    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const word of ['validate', 'run', 'state set', 'plugins describe', 'serve', '--dry-run']) {
      expect(stdout).toContain(word);
    }
  });

  it.each([[['help', 'state', 'set']], [['state', 'set', '--help']]])(
    '%j says what one command takes',
    async (words) => {
      const { code, stdout } = await cannectors(words, workspace());

      expect(code).toBe(0);
      expect(stdout).toContain('Usage: cannectors state set <file> <json> [flags]');
    },
  );
});

describe('version', () => {
  it('says version, commit and build date, one a line', async () => {
    const { code, stdout } = await cannectors(['version'], workspace());

    expect(code).toBe(0);
    expect(stdout).toMatch(/^version \d+\.\d+\.\d+\S*\ncommit \S+\nbuild date \S+\n$/);
  });

  it('is a document with --json', async () => {
    const { stdout } = await cannectors(['version', '--json'], workspace());

    expect(JSON.parse(stdout)).toEqual({
      version: expect.stringMatching(/^\d/),
      commit: expect.any(String),
      build_date: expect.any(String),
    });
  });
});

describe('serve', () => {
  it('says what to install where the server is not', async () => {
    const { code, stdout, stderr } = await cannectors(['serve', '--listen', ':1'], workspace());

    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain('@cannectors/server');
    expect(stderr).toContain('npm install @cannectors/server');
  });

  it('hands its words to the server that the project declares', async () => {
    const server = 'node_modules/@cannectors/server';
    const space = workspace({
      'package.json': { dependencies: { '@cannectors/server': '1' } },
      [`${server}/package.json`]: { name: '@cannectors/server', type: 'module', exports: './a.js' },
      [`${server}/a.js`]: 'export const serve = async (words) => (console.log(words.join()), 0);',
    });

    const { code, stdout } = await cannectors(
      ['serve', '--listen', '127.0.0.1:0', 'a.yaml'],
      space,
    );

    expect(stdout).toBe('--listen,127.0.0.1:0,a.yaml\n');
    expect(code).toBe(0);
  });

  it('imports no server that nobody declares', async () => {
    const server = 'node_modules/@cannectors/server';
    const space = workspace({
      'package.json': {},
      [`${server}/package.json`]: { name: '@cannectors/server', type: 'module', exports: './a.js' },
      [`${server}/a.js`]: 'console.log("imported");',
    });

    const { code, stdout } = await cannectors(['serve'], space);

    expect(stdout).toBe('');
    expect(code).toBe(3);
  });
});
