import { describe, expect, it, onTestFinished } from 'vitest';
import { batchesOf, transformOf } from './scripts.ts';

/** What a script may do to take all time or memory: the body of a function of `record`. */
const attacks: Readonly<Record<string, string>> = {
  'an endless loop': 'for (;;);',
  'an endless loop that catches everything':
    'for (;;) try { for (;;); } catch {} finally { for (;;); }',
  'a regular expression that goes back and forth': 'return /^(a+)+$/.exec("a".repeat(60) + "b");',
  'microtasks without an end': 'const f = () => Promise.resolve().then(f); f(); for (;;);',
  'an async loop': '(async () => { for (;;) await 0; })(); return {};',
  'objects without an end': 'const a = []; for (;;) a.push({ x: a.length });',
  'lists without an end': 'const a = []; for (;;) a.push(new Array(1000).fill(1));',
  'a map without an end':
    'const m = new Map(); for (let i = 0; ; i++) m.set({ i }, "x".repeat(50));',
  'typed arrays without an end': 'const a = []; for (;;) a.push(new Uint8Array(1e6).fill(1));',
  'buffers that grow':
    'const a = []; for (;;) { const b = new ArrayBuffer(1e7, { maxByteLength: 1e9 }); b.resize(1e8); new Uint8Array(b).fill(7); a.push(b); }',
  'a list of a billion': 'return { a: Array(1e9).fill(0).length };',
  'a list of three hundred million': 'return { a: new Array(3e8).fill(0).length };',
  'a sparse list': 'const a = []; a.length = 4e9; a.fill(1); return {};',
  'a huge text as JSON':
    'let s = "x".repeat(2 ** 20); const a = []; for (let i = 0; i < 900; i++) a.push(s); return { a: JSON.stringify(a) };',
  'sorting thirty million numbers':
    'const a = Array.from({ length: 3e7 }, (_, i) => (i * 7919) % 1e7); a.sort(); return { a };',
  'a text of 268 MB': 'return { a: "x".repeat(268e6) };',
  'a text that doubles': 'let s = "ab"; for (;;) s = s + s.toUpperCase();',
  'a bigint that squares': 'let n = 3n ** 100n; for (;;) n = n * n;',
  'recursion without an end': 'const f = () => f() + 1; return f();',
  'recursion in a getter': 'const o = { get a() { return this.a; } }; return o;',
  'recursion in toJSON': 'const o = { toJSON() { return { o }; } }; return o;',
  'a proxy that gives keys without an end':
    'return new Proxy({}, { ownKeys: () => Array.from({ length: 1e8 }, (_, i) => `k${i}`) });',
  'an iterator without an end': 'return { a: [...(function* () { for (;;) yield 1; })()] };',
  'console lines without an end': 'for (;;) console.log("x".repeat(1e4));',
  'error stacks without an end':
    'const a = []; Error.stackTraceLimit = 1e6; for (;;) a.push(new Error("x".repeat(1e5)).stack);',
  'a deep list': 'let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return { a };',
};

const harmless = { a: 'fine' };
const limits = { timeoutMs: 600, memMb: 64 };

/** Of a batch the way to the limit is the same; these are one of each kind. */
const ofBatches = [
  'an endless loop',
  'microtasks without an end',
  'an async loop',
  'objects without an end',
  'a list of a billion',
  'a text of 268 MB',
];

describe('a script that wants everything', () => {
  it.each(Object.entries(attacks))(
    '%s is a fault of its record, and of no other',
    async (_title, attack) => {
      const ticks = tickingHost();
      const script = transformOf(
        `function transform(record) { if (record.a === 'attack') { ${attack} } return record; }`,
        limits,
      );

      const outcomes = await script.of([harmless, { a: 'attack' }, harmless]);

      const [before, culprit, after] = outcomes;
      expect([before, after]).toEqual([harmless, harmless]);
      expect(culprit).toMatchObject({
        name: 'Fault',
        code: expect.stringMatching(/^(script\.(timeout|memory|output)|EXECUTION_FAILED)$/),
      });
      expect(await script.of([harmless])).toEqual([harmless]);
      expect(ticks()).toBeGreaterThan(0);
    },
    60_000,
  );

  it.each(ofBatches)(
    '%s is a fault of its batch, and the next one works',
    async (title) => {
      const attack = attacks[title] ?? '';
      const script = batchesOf(
        `function processBatch([record]) { if (record.a === 'attack') { ${attack} } return [record]; }`,
        limits,
      );

      await expect(script.of([{ a: 'attack' }])).rejects.toMatchObject({ name: 'Fault' });
      expect((await script.of([harmless])).records).toEqual([harmless]);
    },
    60_000,
  );
});

/** Counts the turns of this process: it has to stay responsive. */
function tickingHost(): () => number {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 20);
  onTestFinished(() => clearInterval(timer));
  return () => ticks;
}
