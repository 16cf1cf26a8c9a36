import { testFilter } from '@cannectors/testkit';
import plugin from '../src/index.ts';

testFilter(plugin, import.meta.url, {
  'takes the changes in place of a script that returns nothing': {
    config: { inline: 'function processBatch(events) { events[0].a = 2; events.push({ b: 1 }); }' },
    given: [{ a: 1 }],
    then: [{ a: 2 }, { b: 1 }],
  },
  'takes a module from a file, and waits for its promise': {
    config: { scriptFile: 'fixtures/newest-first.mjs' },
    given: [{ at: 1 }, { at: 3 }, { at: 2 }],
    then: [{ at: 3 }, { at: 2 }, { at: 1 }],
  },
  'fails on an element that is no record': {
    config: { inline: 'function processBatch(events) { return [...events, 1]; }' },
    given: [{ a: 1 }],
    fails: { code: 'EXECUTION_FAILED' },
  },
  'fails without a function': {
    config: { inline: 'function transform(r) { return r; }' },
    given: [{ a: 1 }],
    fails: { code: 'MISSING_PROCESS_BATCH' },
  },
  'fails when a limit is broken': {
    config: {
      inline: 'async function processBatch() { for (;;) await 0; }',
      limits: { timeoutMs: 100 },
    },
    given: [{ a: 1 }],
    fails: { code: 'script.timeout' },
  },
  'refuses a text that is no script': {
    config: { inline: 'export function processBatch(events) { return' },
    refuses: { code: 'COMPILATION_FAILED', pointer: '/inline' },
  },
  'refuses a script that imports something': {
    config: { inline: 'import fs from "node:fs"; export default () => [];' },
    refuses: { code: 'COMPILATION_FAILED', pointer: '/inline' },
  },
  'refuses an empty script': {
    config: { inline: '' },
    refuses: { code: 'SCRIPT_EMPTY', pointer: '/inline' },
  },
  'refuses no script at all': {
    config: {},
    refuses: { code: 'script.not-one-source', pointer: '/inline' },
  },
});
