import { testFilter } from '@cannectors/testkit';
import plugin from '../src/index.ts';

testFilter(plugin, import.meta.url, {
  'changes a record in place': {
    config: { script: 'function transform(r) { r.a.b = 2; delete r.c; return r; }' },
    given: [{ a: { b: 1 }, c: 3 }],
    then: [{ a: { b: 2 } }],
  },
  'takes a script from a file': {
    config: { scriptFile: 'fixtures/double.js' },
    given: [{ value: 2 }, { value: 2.5 }],
    then: [{ value: 4 }, { value: 5 }],
  },
  'fails on what is no record': {
    config: { script: 'function transform(r) { return [r]; }' },
    given: [{ a: 1 }],
    fails: { code: 'EXECUTION_FAILED' },
  },
  'fails on what is thrown': {
    config: { script: 'function transform(r) { throw new TypeError("test error"); }' },
    given: [{ a: 1 }],
    fails: { code: 'EXECUTION_FAILED' },
  },
  'fails without a function': {
    config: { script: 'const other = 1;' },
    given: [{ a: 1 }],
    fails: { code: 'MISSING_TRANSFORM' },
  },
  'fails when a limit is broken': {
    config: { script: 'function transform(r) { for (;;); }', limits: { timeout_ms: 100 } },
    given: [{ a: 1 }],
    fails: { code: 'script.timeout' },
  },
  'refuses a text that is no script': {
    config: { script: 'function transform(r) { return r' },
    refuses: { code: 'COMPILATION_FAILED', pointer: '/script' },
  },
  'refuses a file that is no script': {
    config: { scriptFile: 'fixtures/broken.txt' },
    refuses: { code: 'COMPILATION_FAILED', pointer: '/scriptFile' },
  },
  'refuses an empty script': {
    config: { script: ' ' },
    refuses: { code: 'SCRIPT_EMPTY', pointer: '/script' },
  },
  'refuses a script that is too long': {
    config: { script: `//${'x'.repeat(102_400)}` },
    refuses: { code: 'SCRIPT_TOO_LONG', pointer: '/script' },
  },
  'refuses a file that leads upwards': {
    config: { scriptFile: '../test/fixtures/double.js' },
    refuses: { code: 'INVALID_SCRIPT_FILE', pointer: '/scriptFile' },
  },
  'refuses a file that is not there': {
    config: { scriptFile: 'missing.js' },
    refuses: { code: 'SCRIPT_FILE_READ_FAILED', pointer: '/scriptFile' },
  },
  'refuses two scripts': {
    config: { script: 'const transform = (r) => r;', scriptFile: 'fixtures/double.js' },
    refuses: { code: 'script.not-one-source', pointer: '/script' },
  },
  'refuses a limit in both spellings': {
    config: { script: 'const transform = (r) => r;', limits: { cpuMs: 1, cpu_ms: 1 } },
    refuses: { code: 'script.limit-twice', pointer: '/limits' },
  },
});
