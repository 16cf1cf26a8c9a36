import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { batchesOf, isAlive, keptLog, transformOf } from './scripts.ts';

const patient = { timeout: 20_000, interval: 10 };

describe('a script for records', () => {
  it('answers in order, also when two jobs are under way', async () => {
    const script = transformOf('let n = 0; function transform(r) { return { ...r, n: n++ }; }');

    const jobs = [[{ a: 1 }, { a: 2 }], [{ a: 3 }], [{ a: 4 }]].map((job) => script.of(job));

    const all = (await Promise.all(jobs)).flat();
    expect(all).toEqual([1, 2, 3, 4].map((a, n) => ({ a, n })));
  });

  it('starts fresh for another life, and keeps its globals within one', async () => {
    const script = transformOf('let n = 0; function transform() { return { n: ++n }; }');

    expect(await script.of([{}, {}], { life: 1 })).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await script.of([{}], { life: 1 })).toEqual([{ n: 3 }]);
    expect(await script.of([{}], { life: 2 })).toEqual([{ n: 1 }]);
  });

  it('runs its top-level code once for a life that was opened before', async () => {
    const { signal } = new AbortController();
    const script = transformOf(
      'let n = 0; const start = n++; function transform(r) { r.n = n++; return r; }',
    );

    await script.open(1, signal);
    const pid = script.pid();
    await script.open(1, signal);

    expect(await script.of([{}, {}])).toEqual([{ n: 1 }, { n: 2 }]);
    expect(script.pid()).toBe(pid);
  });

  it('starts fresh as often as it is asked to, in the memory of one', async () => {
    const script = transformOf(
      'const table = Array.from({ length: 1000 }, (_, i) => ({ i })); let n = 0; function transform(r) { r.n = n++; return r; }',
      { memMb: 16 },
    );

    for (let life = 0; life < 200; life++) {
      expect(await script.of([{}], { life })).toEqual([{ n: 0 }]);
    }
  });

  it('can be opened again where it did not start', async () => {
    const script = transformOf('const other = 1;');

    for (let round = 0; round < 2; round++) {
      await expect(script.open(1, new AbortController().signal)).rejects.toMatchObject({
        code: 'MISSING_TRANSFORM',
      });
    }
  });

  it('ends its opening when the run is cancelled, and with an endless script', async () => {
    const script = transformOf('for (;;);', { timeoutMs: 300 });
    const cancel = new AbortController();

    const opening = script.open(1, cancel.signal);
    cancel.abort(new Error('enough'));

    await expect(opening).rejects.toThrow('enough');
    await expect(script.open(1, new AbortController().signal)).rejects.toMatchObject({
      code: 'script.timeout',
    });
  });

  it('keeps every digit of whole numbers, in both directions', async () => {
    const big = 9_223_372_036_854_775_807n;
    const script = transformOf(
      'function transform(r) { return { ...r, type: typeof r.big, more: r.big && r.big + 1n, text: `${r.big}` }; }',
    );

    expect(await script.of([{ big, list: [-big] }])).toEqual([
      { big, list: [-big], type: 'bigint', more: big + 1n, text: String(big) },
    ]);
  });

  it('says so when a bigint and a number are mixed', async () => {
    const script = transformOf('function transform(r) { return { big: r.big * 2 }; }');

    const [outcome] = await script.of([{ big: 2n ** 63n }]);

    expect(outcome).toMatchObject({
      code: 'EXECUTION_FAILED',
      message: expect.stringMatching(/at record 0: TypeError.*BigInt/),
    });
  });

  it.each([
    ['nothing', 'return;', 'script at record 1 returned null or undefined'],
    ['null', 'return null;', 'script at record 1 returned null or undefined'],
    ['a list', 'return [r, r];', 'script at record 1 returned an array (length 2)'],
    ['a text', 'return "x";', 'script at record 1 returned invalid type string'],
    ['a number', 'return 1;', 'script at record 1 returned invalid type number'],
    ['a function', 'return () => r;', 'script at record 1 returned invalid type function'],
    ['a promise', 'return Promise.resolve(r);', 'script at record 1 returned invalid type Promise'],
    ['a map', 'return new Map();', 'script at record 1 returned invalid type Map'],
    ['a date', 'return new Date();', 'script at record 1 returned invalid type Date'],
    [
      'an error',
      'throw new Error("test error");',
      'script execution failed at record 1: Error: test error',
    ],
    ['a thrown text', 'throw "a text";', 'script execution failed at record 1: a text'],
    ['a thrown undefined', 'throw undefined;', 'script execution failed at record 1: undefined'],
    ['a thrown object', 'throw { a: 1 };', 'script execution failed at record 1: [object Object]'],
    [
      'a thrown thing that cannot be shown',
      'throw { toString() { throw 1; } };',
      'script execution failed at record 1: something that cannot be shown',
    ],
    [
      'a cycle',
      'r.r = r; return r;',
      expect.stringContaining('at record 1: TypeError: Converting circular'),
    ],
  ])('%s is an error of its record alone', async (_title, body, message) => {
    const script = transformOf(`function transform(r) { if (r.bad) { ${body} } return r; }`);

    const outcomes = await script.of([{ a: 1 }, { bad: true }, { a: 2 }]);

    expect(outcomes).toEqual([{ a: 1 }, expect.anything(), { a: 2 }]);
    expect(outcomes[1]).toMatchObject({ code: 'EXECUTION_FAILED', message, category: 'unknown' });
  });

  it('gives the stack of an error, which names the script', async () => {
    const script = transformOf('function transform(r) {\n  return r.a.b.c;\n}');

    const [fault] = await script.of([{}]);

    expect(fault).toMatchObject({
      details: { stack_trace: expect.stringContaining('inline:2:14') },
    });
  });

  it('leaves out what JSON has no word for, and takes objects of any class', async () => {
    const script = transformOf(
      'class Order { constructor(r) { Object.assign(this, r, { f() {}, u: undefined, [Symbol("s")]: 1 }); } } const transform = (r) => new Order(r);',
    );

    expect(await script.of([{ a: 1 }])).toEqual([{ a: 1 }]);
  });

  it.each([
    ['no transform', 'function other() {}', 'MISSING_TRANSFORM'],
    ['a transform that is no function', 'const transform = 1;', 'NOT_FUNCTION'],
    ['top-level code that fails', 'throw new Error("no");', 'EXECUTION_FAILED'],
    ['top-level code without an end', 'for (;;);', 'script.timeout'],
    ['top-level code that takes all memory', 'new Array(3e8).fill(0);', 'script.memory', 10_000],
    [
      'what the parser of the host takes, and the engine not',
      'function transform() { return /[/v; }',
      'COMPILATION_FAILED',
    ],
  ])('%s fails the whole job', async (_title, text, code, timeoutMs = 300) => {
    const script = transformOf(text, { timeoutMs });

    await expect(script.of([{ a: 1 }, { a: 2 }])).rejects.toMatchObject({ code });
  });

  it('goes on behind every record that breaks a limit', async () => {
    const script = transformOf('function transform(r) { if (r.bad) for (;;); return r; }', {
      timeoutMs: 150,
    });

    const outcomes = await script.of([{ a: 1 }, { bad: 1 }, { bad: 2 }, { a: 2 }, { bad: 3 }]);

    const late = { code: 'script.timeout' };
    expect(outcomes).toMatchObject([{ a: 1 }, late, late, { a: 2 }, late]);
  });

  it('gives each record its own time', async () => {
    const script = transformOf(
      'function transform(r) { const end = Date.now() + 60; while (Date.now() < end); return r; }',
      { timeoutMs: 400 },
    );
    const records = Array.from({ length: 12 }, (_, id) => ({ id }));

    expect(await script.of(records)).toEqual(records);
  });

  it('limits CPU time by itself', async () => {
    const script = transformOf('function transform(r) { if (r.bad) for (;;); return r; }', {
      timeoutMs: 60_000,
      cpuMs: 200,
    });

    const outcomes = await script.of([{ a: 1 }, { bad: true }]);

    expect(outcomes).toMatchObject([
      { a: 1 },
      { code: 'script.timeout', message: expect.stringContaining('cpuMs') },
    ]);
  });

  it('refuses what is more than 64 MiB, and finds whose it is', async () => {
    const script = transformOf(
      'function transform(r) { return r.bad ? { a: Array.from({ length: 70 }, () => "x".repeat(2 ** 20)) } : r; }',
      { memMb: 1024 },
    );

    const outcomes = await script.of([{ a: 1 }, { bad: true }, { a: 2 }]);

    expect(outcomes).toMatchObject([{ a: 1 }, { code: 'script.output' }, { a: 2 }]);
  });

  it('writes its console to the log, as text', async () => {
    const { log, lines } = keptLog();
    const script = transformOf(
      'function transform(r) { const a = [1, "two", { three: [] }]; a.push(a); console.log("hello", r, a); console.warn(new Error("x")); console.info(Array.from({ length: 120 }, () => 0)); return {}; }',
      { log },
    );

    await script.of([{ id: 7n ** 30n }]);

    const zeros = Array.from({ length: 100 }, () => '0').join(', ');
    const fields = { source: 'javascript', module_id: 'inline', record_index: 0 };
    expect(lines).toEqual([
      ['hello {"id": 22539340290692258087863249} [1, "two", {"three": []}, [circular]]', fields],
      ['Error: x', fields],
      [`[${zeros}, ... 20 more items]`, fields],
    ]);
  });

  it('keeps 200 lines of its console, of 8 KiB each', async () => {
    const { log, lines } = keptLog();
    const script = transformOf(
      'function transform(r) { for (let i = 0; i < 1000; i++) console.log("x".repeat(1e5)); return {}; }',
      { log },
    );

    await script.of([{}]);

    expect(lines).toHaveLength(201);
    expect(lines[0]?.[0]).toHaveLength(8193);
    expect(lines[200]?.[1]).toMatchObject({ lines: 800 });
  });

  it('is interrupted when its run is cancelled', async () => {
    const script = transformOf('function transform(r) { if (r.bad) for (;;); return r; }', {
      timeoutMs: 600_000,
    });
    const run = new AbortController();
    await script.of([{ a: 1 }]);

    const outcome = script.of([{ bad: true }], { signal: run.signal });
    run.abort(new Error('cancelled'));

    await expect(outcome).rejects.toThrow('cancelled');
    expect(await script.of([{ a: 2 }])).toEqual([{ a: 2 }]);
  });

  it('fails what is under way when it is closed, and can be closed twice', async () => {
    const script = transformOf('function transform(r) { for (;;); }', { timeoutMs: 600_000 });

    const outcome = script.of([{ a: 1 }]);
    script.close();
    script.close();

    await expect(outcome).rejects.toMatchObject({ code: 'script.closed' });
  });
});

describe('a script for batches', () => {
  it.each([
    ['a list', 'return events.toReversed();', [{ a: 2 }, { a: 1 }], [1, 0]],
    ['an empty list', 'return [];', [], []],
    ['an object', 'return { b: 1 };', [{ b: 1 }], [-1]],
    ['nothing', 'events[0].b = 1; events.pop();', [{ a: 1, b: 1 }], [0]],
    ['null', 'events.push({ c: 1 }); return null;', [{ a: 1 }, { a: 2 }, { c: 1 }], [0, 1, -1]],
    [
      'copies',
      'return events.map((e) => ({ ...e, b: 1 }));',
      [
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ],
      [0, 1],
    ],
    ['the same record twice', 'return [events[1], events[1]];', [{ a: 2 }, { a: 2 }], [1, 1]],
    ['a promise', 'return Promise.resolve(events.slice(1));', [{ a: 2 }], [1]],
  ])('may return %s', async (_title, body, records, origins) => {
    const script = batchesOf(`function processBatch(events) { ${body} }`);

    expect(await script.of([{ a: 1 }, { a: 2 }])).toEqual({ records, origins });
  });

  it.each([
    ['export function processBatch(events) { return events; }', true],
    ['export const processBatch = async (events) => events;', true],
    ['export default (events) => events;', true],
    ['const own = await 1; export default (events) => events.slice(0, own);', true],
    ['const processBatch = (events) => events;', false],
    ['globalThis.processBatch = (events) => events;', false],
  ])('is found: %s', async (text, isModule) => {
    const script = batchesOf(text, { isModule });

    expect((await script.of([{ a: 1 }])).records).toEqual([{ a: 1 }]);
  });

  it.each([
    ['a text', 'return "x";', /for the batch returned invalid type string/],
    ['a list with a text in it', 'return [{}, "x"];', /element 1 is invalid type string/],
    ['a list with a hole', 'return [, {}];', /element 0 is null or undefined/],
    ['a list in a list', 'return [[{}]];', /element 0 is an array/],
    ['an error', 'throw new Error("no");', /for the batch: Error: no/],
    ['a promise that fails', 'return Promise.reject(new Error("no"));', /for the batch: Error: no/],
    [
      'a promise that nothing settles',
      'return new Promise(() => {});',
      /a promise that nothing settles/,
    ],
    ['a cycle', 'const e = {}; e.e = e; return [e];', /circular/],
    ['a toJSON that gives no object', 'return [{ toJSON: () => 1 }];', /element 0 is number/],
  ])('may not return %s', async (_title, body, message) => {
    const script = batchesOf(`function processBatch(events) { ${body} }`);

    await expect(script.of([{ a: 1 }])).rejects.toMatchObject({
      code: 'EXECUTION_FAILED',
      message: expect.stringMatching(message),
    });
  });

  it('may give back ten records for each, and no more', async () => {
    const script = batchesOf(
      'function processBatch([{ n }]) { return Array.from({ length: n }, (_, i) => ({ i })); }',
    );

    expect((await script.of([{ n: 10 }])).records).toHaveLength(10);
    await expect(script.of([{ n: 11 }])).rejects.toMatchObject({ code: 'script.output' });
  });

  it.each([
    ['no processBatch', 'function transform() {}', 'MISSING_PROCESS_BATCH'],
    ['one that is no function', 'var processBatch = {};', 'NOT_FUNCTION'],
    ['no export', 'export const other = 1;', 'MISSING_PROCESS_BATCH', true],
    ['a module that fails', 'throw new Error("no"); export {};', 'EXECUTION_FAILED', true],
    ['an import at run time', 'await import("node:fs"); export {};', 'EXECUTION_FAILED', true],
    ['a module without an end', 'for (;;); export {};', 'script.timeout', true],
  ])('%s fails the batch', async (_title, text, code, isModule = false) => {
    const script = batchesOf(text, { isModule, timeoutMs: 1000 });

    await expect(script.of([{ a: 1 }])).rejects.toMatchObject({ code });
  });

  it('keeps its globals from batch to batch, and loses them with a limit', async () => {
    const { log, lines } = keptLog();
    const script = batchesOf(
      'let n = 0; function processBatch([e]) { n++; if (e.bad) for (;;); return { n }; }',
      {
        timeoutMs: 300,
        log,
      },
    );

    expect((await script.of([{}])).records).toEqual([{ n: 1 }]);
    expect((await script.of([{}])).records).toEqual([{ n: 2 }]);
    await expect(script.of([{ bad: true }])).rejects.toMatchObject({ code: 'script.timeout' });
    expect((await script.of([{}])).records).toEqual([{ n: 1 }]);
    expect(lines).toEqual([
      ['script is started anew: its globals are lost', { reason: 'timeout' }],
    ]);
  });
});

describe('the process of a script', () => {
  it.runIf(process.platform === 'linux')(
    'has no environment, and no handle but its pipes',
    async () => {
      const script = transformOf('function transform(r) { return r; }');
      await script.of([{ a: 1 }]);
      const proc = `/proc/${script.pid()}`;

      expect(readFileSync(`${proc}/environ`, 'utf8')).toBe('');
      const places = readdirSync(`${proc}/fd`).map((fd) => readlinkSync(`${proc}/fd/${fd}`));
      expect(
        places.filter((place) => !/^(socket|pipe|anon_inode):|^\/dev\/null$/.test(place)),
      ).toEqual([]);
      expect(readlinkSync(`${proc}/cwd`)).toBe('/');
    },
  );

  it('may be killed while records are in it: they are done once more', async () => {
    const script = transformOf(
      'function transform(r) { if (r.a === 2) { const end = Date.now() + 300; while (Date.now() < end); } return r; }',
    );
    await script.of([{ a: 0 }]);
    const pid = script.pid() ?? 0;

    const outcome = script.of([{ a: 1 }, { a: 2 }, { a: 3 }]);
    process.kill(pid, 'SIGKILL');

    expect(await outcome).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(script.pid()).not.toBe(pid);
  });

  it('may be killed while a batch is in it', async () => {
    const script = batchesOf(
      'function processBatch(events) { const end = Date.now() + 400; while (Date.now() < end); return events; }',
    );
    await script.of([{ a: 1 }]);

    const outcome = script.of([{ a: 2 }]);
    process.kill(script.pid() ?? 0, 'SIGKILL');

    expect((await outcome).records).toEqual([{ a: 2 }]);
  });

  it('is given up when it is killed again and again', async () => {
    const script = batchesOf('function processBatch(events) { for (;;); }', {
      timeoutMs: 600_000,
    });

    const outcome = script.of([{ a: 1 }]).catch((fault: unknown) => fault);
    for (let kill = 0; kill < 2; kill++) {
      const pid = await vi.waitUntil(() => script.pid(), patient);
      process.kill(pid, 'SIGKILL');
      await vi.waitUntil(() => script.pid() !== pid, patient);
    }

    // The second one may have come before the process was ready.
    expect(await outcome).toMatchObject({
      code: expect.stringMatching(/^script\.(ended|no-sandbox)$/),
    });
  });

  it('ignores a signal that is meant for its parent', async () => {
    const script = transformOf('function transform(r) { return r; }');
    await script.of([{ a: 1 }]);
    const pid = script.pid() ?? 0;

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);

    expect(await script.of([{ a: 2 }])).toEqual([{ a: 2 }]);
    expect(script.pid()).toBe(pid);
  });

  it('ends with its parent, also when that is killed while a script loops', async () => {
    const { host, pid } = await hostWith(
      'function transform(r) { if (r.a === 2) for (;;); return r; }',
      'again',
    );

    host.kill('SIGKILL');

    await vi.waitUntil(() => !isAlive(pid), patient);
    expect(isAlive(pid)).toBe(false);
  });

  it('keeps no program from its end', async () => {
    const { host, pid } = await hostWith('function transform(r) { return r; }');

    const [code] = host.exitCode === null ? await once(host, 'exit') : [host.exitCode];

    expect(code).toBe(0);
    await vi.waitUntil(() => !isAlive(pid), patient);
  });
});

/** Starts a program with a sandbox, and waits until a script has run in it. */
async function hostWith(script: string, ...more: string[]) {
  const program = path.join(import.meta.dirname, 'fixtures/host.ts');
  const host = spawn(process.execPath, [program, script, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void host.kill('SIGKILL'));
  const [said] = (await once(host.stdout, 'data')) as [Buffer];
  return { host, pid: Number(said.toString()) };
}
