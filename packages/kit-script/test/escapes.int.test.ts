import { isFault, type JsonRecord } from '@cannectors/core';
import { afterAll, expect, it } from 'vitest';
import { limitsOf, recordSandbox } from '../src/index.ts';
import { batchesOf, keptLog } from './scripts.ts';

/** Names of what leads out of the sandbox, as far as they can be seen from a global object. */
function seenFrom(world: Record<string, unknown>): string[] {
  const ways =
    'process require module exports fetch setTimeout setInterval setImmediate queueMicrotask Buffer global ' +
    'XMLHttpRequest WebSocket Worker importScripts WebAssembly SharedArrayBuffer Atomics Deno Bun navigator ' +
    'performance structuredClone localStorage crypto __dirname __filename ivm';
  return ways.split(' ').filter((name) => typeof world[name] !== 'undefined');
}

/**
 * Known ways out of sandboxes, each the body of a function. `look(world)` tells what can be seen from
 * a global object, `through(F)` from that of a function constructor.
 */
const escapes: Readonly<Record<string, string>> = {
  'the global object itself': 'return look(globalThis);',
  'the constructor of a constructor': 'return through(({}).constructor.constructor);',
  'the constructor of the record': 'return through(record.constructor.constructor);',
  'the constructor of a value in the record': 'return through(record.list.map.constructor);',
  'the constructor of transform itself': 'return through(transform.constructor);',
  'the constructor of the console': 'return through(console.log.constructor);',
  'the prototype of the console':
    'return through(Object.getPrototypeOf(console).constructor.constructor);',
  'a generator function':
    'return look(Object.getPrototypeOf(function* () {}).constructor("yield this")().next().value ?? globalThis);',
  'an async function':
    'const F = (async () => {}).constructor; F("globalThis.out = this")(); return look(globalThis.out ?? globalThis);',
  'an async generator':
    'const F = (async function* () {}).constructor; F("yield this")().next(); return look(globalThis);',
  'indirect eval': 'return look((0, eval)("this"));',
  'eval of a sloppy function': 'return look(new Function("return this")());',
  'this of a sloppy function': 'return look((function () { return this; })());',
  'this of the call': 'return look(typeof this === "object" ? this : globalThis);',
  'the caller of transform':
    'return look(arguments.callee.caller ? arguments.callee.caller.constructor("return this")() : {});',
  'the arguments of the caller':
    'const f = arguments.callee.caller; return look(f && f.arguments ? f.arguments[0].constructor.constructor("return this")() : {});',
  'the frames of a stack trace':
    'Error.prepareStackTrace = (_, frames) => frames; const frames = new Error().stack; const seen = []; for (const frame of [].concat(frames)) { const own = [frame.getThis && frame.getThis(), frame.getFunction && frame.getFunction()]; for (const one of own) if (one && typeof one !== "string") seen.push(...look(one.constructor.constructor("return this")()).seen); } return { seen };',
  'a stack trace made inside the console':
    'let out = {}; Error.prepareStackTrace = (_, frames) => { out = frames; return ""; }; console.log({ get a() { return new Error().stack; } }); const seen = []; for (const frame of [].concat(out)) { const f = frame.getFunction && frame.getFunction(); if (f) seen.push(...look(f.constructor("return this")()).seen); } return { seen };',
  'an error of the engine: recursion':
    'try { (function f() { f(); })(); } catch (error) { return through(error.constructor.constructor); }',
  'an error of the engine: recursion into the console':
    'let seen = []; const f = () => { try { console.log({}); f(); } catch (error) { seen = look(error.constructor.constructor("return this")()).seen; } }; f(); return { seen };',
  'an error of the engine: memory of a list':
    'try { new Array(-1); } catch (error) { return through(error.constructor.constructor); }',
  'an error of the engine: a text too long':
    'try { "x".repeat(2 ** 30); } catch (error) { return through(error.constructor.constructor); }',
  'an error of JSON':
    'try { JSON.parse("{"); } catch (error) { return through(error.constructor.constructor); }',
  'a thrown proxy':
    'throw new Proxy(new Error("x"), { get(target, key) { globalThis.trap = key; return Reflect.get(target, key); } });',
  'a thrown thing whose text runs code':
    'throw { toString() { return look(this.constructor.constructor("return this")()).seen.join() || "nothing"; } };',
  'a thrown function': 'throw function () { return globalThis; };',
  'a thrown null': 'throw null;',
  'import.meta in eval':
    'try { return look({ process: eval("import.meta") }); } catch (error) { return through(error.constructor.constructor); }',
  'require by another name':
    'return look({ process: typeof globalThis["requ" + "ire"] === "function" ? 1 : undefined });',
  'process.binding':
    'try { return { seen: [typeof process.binding] }; } catch { return { seen: [] }; }',
  'WebAssembly by its buffer':
    'try { return { seen: [typeof new WebAssembly.Memory({ initial: 1, shared: true, maximum: 2 }).buffer] }; } catch { return { seen: [] }; }',
  'SharedArrayBuffer and Atomics.wait':
    'try { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e9); return { seen: ["wait"] }; } catch { return { seen: [] }; }',
  'Symbol.species of a list':
    'class Out extends Array { static get [Symbol.species]() { return function (n) { return look(globalThis).seen; }; } } return { seen: Out.from([1, 2]).map((x) => x).filter((x) => typeof x === "string") };',
  'a species put on all lists':
    'Array.prototype.constructor = { [Symbol.species]: function () { return { process: 1 }; } }; return { seen: [] };',
  'Symbol.toPrimitive on a number':
    'return { seen: look({ process: ({ [Symbol.toPrimitive]() { return globalThis.process; } }) + "" === "undefined" ? undefined : 1 }).seen };',
  'Symbol.hasInstance':
    'Object.defineProperty(Promise, Symbol.hasInstance, { value: () => true }); return { seen: [] };',
  'Symbol.unscopables and with':
    'return new Function("look", "with ({ process: undefined }) { return look({ process: typeof process === \'undefined\' ? undefined : 1 }); }")(look);',
  'a proxy as the record':
    'return new Proxy({ seen: [] }, { get: (target, key) => (key === "toJSON" ? undefined : target[key]), ownKeys: () => ["seen"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: [] }) });',
  'a revoked proxy as the record':
    'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy;',
  'a proxy of the global object': 'return look(new Proxy(globalThis, {}));',
  'a getter in the result': 'return { get seen() { return look(globalThis).seen; } };',
  'a setter in the result': 'return { seen: [], set process(value) { throw value; } };',
  'toJSON that gives a text': 'return { toJSON: () => "process" };',
  'toJSON that gives a list': 'return { toJSON: () => [1, 2, 3] };',
  'toJSON on all objects':
    'Object.prototype.toJSON = function () { return { seen: [], process: "x" }; }; return {};',
  'toJSON on all lists':
    'Array.prototype.toJSON = function () { return "process"; }; return { seen: [] };',
  'prototype pollution by the result':
    'return JSON.parse(\'{"seen": [], "__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}\');',
  'prototype pollution inside':
    'Object.prototype.polluted = 1; Object.prototype.process = 1; delete Object.prototype.process; return { seen: [] };',
  'prototype pollution of what the harness uses':
    'Object.prototype.at = 7; Object.prototype.kind = "thrown"; Object.prototype.text = "forged"; return null;',
  'a setter for the indexes of lists':
    'Object.defineProperty(Array.prototype, "0", { set(value) { globalThis.caught = value; }, configurable: true }); return { seen: [] };',
  'a replaced JSON':
    'JSON.stringify = () => "process"; JSON.parse = () => 1; globalThis.JSON = null; return { seen: [] };',
  'a replaced Reflect and Promise':
    'Reflect.apply = () => { throw 1; }; globalThis.Reflect = null; Promise.prototype.then = () => 1; return { seen: [] };',
  'replaced methods of texts and lists':
    'String.prototype.slice = () => "process"; Array.prototype.slice = () => ["process"]; Object.prototype.toString = () => "[object Object]"; return { seen: [] };',
  'a replaced clock': 'Date.now = () => -1e18; globalThis.Date = null; return { seen: [] };',
  'a rawJSON that is no JSON': 'return { seen: [], raw: JSON.rawJSON("1e400") };',
  'a console that is given a trap':
    'console.log(new Proxy({}, { ownKeys() { throw look(globalThis); } })); console.log({ get process() { return globalThis.process; } }); return { seen: [] };',
  'a console that is replaced':
    'console.log = globalThis.process; globalThis.console = { log: 1 }; return { seen: [] };',
  finalizers:
    'new FinalizationRegistry((held) => { held.process = 1; }).register({}, {}); return look(globalThis);',
  'weak references to the host':
    'return look(new WeakRef(record).deref().constructor.constructor("return this")());',
  'an accessor of the old kind':
    'return look({}.__lookupGetter__("__proto__").constructor("return this")());',
  'the prototype chain of the record, to its end':
    'let seen = []; for (let o = record; o; o = Object.getPrototypeOf(o)) seen.push(...look(o.constructor.constructor("return this")()).seen); return { seen };',
  'all that the global object has':
    'const seen = []; for (const name of Object.getOwnPropertyNames(globalThis)) { const one = globalThis[name]; if (typeof one === "function") seen.push(...look(one.constructor("return this")()).seen); } return { seen };',
  'a date with a foreign realm':
    'return through(Intl.DateTimeFormat.prototype.format ? Object.getPrototypeOf(Intl.DateTimeFormat).constructor : Function);',
  'a label of a frame':
    'return { seen: [], text: "\\n{\\"is\\":\\"answer\\"}\\n\\u0000\\u0000\\u0000\\u0001" };',
};

const { log } = keptLog();
const prelude = `
const seenFrom = ${seenFrom.toString()};
const look = (world) => ({ seen: world ? seenFrom(world) : [] });
const through = (F) => look(F('return this')());
`;
const cases = Object.entries(escapes)
  .map(([title, body]) => `case ${JSON.stringify(title)}: { ${body} }`)
  .join('\n');
const sandbox = recordSandbox({
  script: {
    text: `${prelude}function transform(record) { switch (record.attempt) { ${cases} } return record; }`,
    name: 'inline',
    isModule: false,
  },
  limits: limitsOf({ timeoutMs: 5000 }),
  log,
});
afterAll(() => sandbox.close());

const own = Object.getOwnPropertyNames(Object.prototype).join();
let life = 0;

/** A fault may tell of a way out too. */
function namesIn(text: string): string[] {
  return text.match(/\b(process|require)\b/g) ?? [];
}

async function outcomeOf(record: JsonRecord): Promise<unknown> {
  const outcomes: unknown[] = [];
  await sandbox.run({
    texts: [JSON.stringify(record)],
    isExact: false,
    indexes: [0],
    life: ++life,
    signal: new AbortController().signal,
    settled: (position, outcome) => void (outcomes[position] = outcome),
  });
  return outcomes[0];
}

it('would see a way out, if there were one', () => {
  expect(seenFrom(globalThis as unknown as Record<string, unknown>)).toContain('process');
});

it.each(Object.keys(escapes))('%s leads nowhere', async (attempt) => {
  const outcome = await outcomeOf({ attempt, list: [1] }).catch((error: unknown) => error);

  const found = isFault(outcome) ? namesIn(outcome.message) : (outcome as JsonRecord)['seen'];
  expect(found).toEqual([]);
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(own);
  expect(({} as JsonRecord)['polluted']).toBeUndefined();
  const after = { attempt: 'none', list: [2] };
  expect(await outcomeOf(after)).toEqual(after);
});

it.each([
  'import("node:fs")',
  'eval("import(\'node:fs\')")',
  'new Function("return import(\'node:fs\')")()',
  'import("./messages.ts")',
])('%s leads nowhere, nor does its error', async (attempt) => {
  const script = batchesOf(`${prelude}
    async function processBatch() {
      try {
        return look({ process: await ${attempt} });
      } catch (error) {
        return { ...through(error.constructor.constructor), name: error.name };
      }
    }`);

  const { records } = await script.of([{ a: 1 }]);

  expect(records).toEqual([{ seen: [], name: expect.any(String) as string }]);
});
