import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limitsOf, scriptSource } from '../src/index.ts';
import type { Mode } from '../src/messages.ts';
import { keptLog } from './scripts.ts';

function read(
  text: string | undefined,
  { file, mode = 'record' }: { file?: string; mode?: Mode } = {},
) {
  const { log, lines } = keptLog();
  const folder = mkdtempSync(path.join(tmpdir(), 'cannectors-script-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'there.js'), 'function transform(r) { return r; }');
  const context = { log, file: (name: string) => path.resolve(folder, name) };
  const script = scriptSource({ text, file, key: 'script' }, mode, context);
  return { script, lines };
}

function refusalOf(...given: Parameters<typeof read>): unknown {
  try {
    return read(...given);
  } catch (error) {
    return error;
  }
}

describe('a script', () => {
  it.each([
    ['blank', ' \n\t ', 'SCRIPT_EMPTY'],
    ['too long', `//${'é'.repeat(51_200)}`, 'SCRIPT_TOO_LONG'],
    ['no JavaScript', 'function transform(r) { return r', 'COMPILATION_FAILED'],
    ['an ES module', 'export function transform(r) { return r; }', 'COMPILATION_FAILED'],
    ['awaiting at the top', 'await 1;', 'COMPILATION_FAILED'],
    ['nested too deeply', `x = ${'('.repeat(50_000)}`, 'COMPILATION_FAILED'],
    ['returning at the top', 'return 1;', 'COMPILATION_FAILED'],
  ])('that is %s is refused', (_title, text, code) => {
    expect(refusalOf(text)).toMatchObject({ code, pointer: '/script', category: 'validation' });
  });

  it('is refused with the place of the error', () => {
    expect(refusalOf('function transform(r) {\n  return r +;\n}')).toMatchObject({
      message: 'The script does not compile: Unexpected token (line 2, column 13).',
    });
  });

  it('may have as many bytes as are allowed', () => {
    expect(read(`//${'x'.repeat(102_398)}`).script.isModule).toBe(false);
  });

  it('runs nothing when it is read', () => {
    read('globalThis.wasRun = true; throw 1; for (;;);');

    expect('wasRun' in globalThis).toBe(false);
  });

  it('speaks the language of today', () => {
    const text = `
      using x = { [Symbol.dispose]() {} };
      class A { static #a = 1; static { A.b ??= #a in A; } accessor = 1n ** 2n; }
      const f = async function* () { for await (const a of []) yield a?.b; };
      const transform = (r) => r.text.replace(/(?<a>\\p{L})(?i:x)/v, '$<a>');`;

    expect(read(`{${text}}`).script.isModule).toBe(false);
  });
});

describe('a batch script', () => {
  it.each([
    ['export function processBatch() {}', true],
    ['export default () => {};', true],
    ['function processBatch() {}', false],
  ])('may be an ES module: %s', (text, isModule) => {
    expect(read(text, { mode: 'batch' }).script.isModule).toBe(isModule);
  });

  it.each([
    'import fs from "node:fs"; export default () => {};',
    'export * from "node:fs";',
    'export { processBatch } from "./there.js";',
    'export default () => {',
  ])('is refused: %s', (text) => {
    expect(refusalOf(text, { mode: 'batch' })).toMatchObject({ code: 'COMPILATION_FAILED' });
  });
});

describe('a file with a script', () => {
  it('is read, and gives the script its name', () => {
    expect(read(undefined, { file: 'there.js' }).script).toMatchObject({ name: 'there.js' });
  });

  it.each([
    ['../there.js', 'INVALID_SCRIPT_FILE'],
    ['a/../there.js', 'INVALID_SCRIPT_FILE'],
    ['a\\..\\there.js', 'INVALID_SCRIPT_FILE'],
    ['missing.js', 'SCRIPT_FILE_READ_FAILED'],
    ['.', 'SCRIPT_FILE_READ_FAILED'],
  ])('%s is refused', (file, code) => {
    expect(refusalOf(undefined, { file })).toMatchObject({ code, pointer: '/scriptFile' });
  });

  it('may have an absolute path, with a warning', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cannectors-script-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'other.js');
    writeFileSync(file, 'function transform(r) { return r; }');

    expect(read(undefined, { file }).lines).toEqual([['scriptFile uses absolute path', { file }]]);
  });

  it('stands alone', () => {
    expect(refusalOf('function transform(r) { return r; }', { file: 'there.js' })).toMatchObject({
      code: 'script.not-one-source',
    });
    expect(refusalOf(undefined)).toMatchObject({ code: 'script.not-one-source' });
  });
});

describe('limits', () => {
  it('have defaults, and the CPU time is that of the clock', () => {
    expect(limitsOf()).toEqual({ timeoutMs: 5000, cpuMs: 5000, memMb: 64 });
    expect(limitsOf({ timeoutMs: 100 })).toMatchObject({ cpuMs: 100 });
  });

  it('may be spelled either way, but not both', () => {
    expect(limitsOf({ timeout_ms: 1, cpu_ms: 2, mem_mb: 8 })).toEqual({
      timeoutMs: 1,
      cpuMs: 2,
      memMb: 8,
    });
    expect(() => limitsOf({ cpuMs: 1, cpu_ms: 1 })).toThrow('are the same limit');
  });
});
