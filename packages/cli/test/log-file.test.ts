import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { logFile } from '../src/log-file.ts';

const now = new Date('2026-11-22T10:20:30.000Z');

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'cannectors-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

function messages(file: string): string[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg);
}

it('begins with a line of its own, appends, and is readable by others', () => {
  const file = path.join(folder(), 'run.log');

  logFile(file, expect.unreachable, now)({ time: now, level: 'warn', msg: 'one', fields: {} });
  logFile(file, expect.unreachable, now);

  expect(messages(file)).toEqual(['log file opened', 'one', 'log file opened']);
  expect(statSync(file).mode & 0o777).toBe(0o644);
});

it('moves a file above 10 MiB aside', () => {
  const home = folder();
  const file = path.join(home, 'run.log');
  writeFileSync(file, Buffer.alloc(10 * 1024 * 1024 + 1, 'x'));

  logFile(file, expect.unreachable, now);

  expect(readdirSync(home).toSorted()).toEqual(['run.log', 'run.log.20261122-102030']);
  expect(messages(file)).toEqual(['log file opened']);
});

it('leaves a file of 10 MiB where it is', () => {
  const home = folder();
  const file = path.join(home, 'run.log');
  writeFileSync(file, Buffer.alloc(10 * 1024 * 1024, '\n'));

  logFile(file, expect.unreachable, now);

  expect(readdirSync(home)).toEqual(['run.log']);
});

it('complains once and goes on where it cannot be opened', () => {
  const file = path.join(folder(), 'missing', 'run.log');
  const complaints: string[] = [];

  const append = logFile(file, (reason) => complaints.push(reason), now);
  append({ time: now, level: 'info', msg: 'one', fields: {} });

  expect(complaints).toEqual([expect.stringContaining('ENOENT')]);
  expect(existsSync(file)).toBe(false);
});
