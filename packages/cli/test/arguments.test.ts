import { describe, expect, it } from 'vitest';
import { readArguments } from '../src/arguments.ts';

function order(line: string) {
  const read = readArguments(line.split(' ').filter(Boolean));
  if ('misuse' in read) throw new Error(read.misuse);
  return { name: read.command.name, words: read.words, flags: read.flags };
}

function misuse(line: string): string {
  const read = readArguments(line.split(' ').filter(Boolean));
  if (!('misuse' in read)) throw new Error(`${line} is taken`);
  return read.misuse;
}

describe('a command line', () => {
  it('may have its flags anywhere', () => {
    const expected = { verbose: true, quiet: true, logFile: 'run.log', dryRun: true };

    expect(order('-v run --log-file run.log orders.yaml -q --dry-run')).toMatchObject({
      name: 'run',
      words: ['orders.yaml'],
      flags: expected,
    });
    expect(order('run orders.yaml -vq --dry-run --log-file=run.log').flags).toMatchObject(expected);
  });

  it('takes what follows `--` as words', () => {
    expect(order('run -- --dry-run').words).toEqual(['--dry-run']);
  });

  it('takes a command of two words', () => {
    expect(order('state set orders.yaml {}')).toMatchObject({
      name: 'state set',
      words: ['orders.yaml', '{}'],
    });
    expect(order('plugins').name).toBe('plugins');
    expect(order('plugins describe set')).toMatchObject({
      name: 'plugins describe',
      words: ['set'],
    });
  });

  it('hands everything behind `serve` to the server', () => {
    expect(order('serve --listen 127.0.0.1:0 pipelines --json').words).toEqual([
      '--listen',
      '127.0.0.1:0',
      'pipelines',
      '--json',
    ]);
  });

  it.each([
    ['--help', []],
    ['help', []],
    ['run --help', ['run']],
    ['state get -h', ['state', 'get']],
  ])('asks for help with `%s`', (line, words) => {
    expect(order(line)).toMatchObject({ name: 'help', words });
  });

  it('asks for the version with `--version`', () => {
    expect(order('--version').name).toBe('version');
  });

  it.each([
    ['', 'A command is missing.'],
    ['valdate a.yaml', 'There is no command `valdate`. Did you mean `validate`?'],
    ['frobnicate', 'There is no command `frobnicate`.'],
    ['state', '`state` needs one more word: `state get`, `state set`, `state clear`.'],
    ['state gte a.yaml', 'There is no command `state gte`. Did you mean `state get`?'],
    ['run a.yaml --dry-rnu', 'There is no flag `--dry-rnu`. Did you mean `--dry-run`?'],
    ['run a.yaml -x', 'There is no flag `-x`.'],
    ['validate a.yaml --once', '`validate` takes no `--once`.'],
    ['run a.yaml --json=yes', '`--json` takes no value.'],
    ['run a.yaml --log-file', '`--log-file` needs <path>.'],
    ['run a.yaml --log-file --json', '`--log-file` needs <path>.'],
    ['run', '`run` needs <file>.'],
    ['validate', '`validate` needs <file…>.'],
    ['run a.yaml b.yaml', '`run` takes <file>, not `b.yaml` too.'],
    ['schema now', '`schema` takes no words, not `now` too.'],
    ['run a.yaml --payload body.json', '`--payload` goes with `--dry-run`.'],
  ])('`%s` is refused: %s', (line, message) => {
    expect(misuse(line)).toBe(message);
  });
});
