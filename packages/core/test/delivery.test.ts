import { describe, expect, it } from 'vitest';
import { Fault } from '../src/index.ts';
import { type Plan, start } from '../src/run.ts';
import { bench, chunk, deadLetter, inputOf, limits, type Setup, sink } from './synthetic.ts';

const refused = (): Fault => new Fault('sink.refused', 'no', { category: 'validation' });
const outage = (): Fault => new Fault('sink.down', 'down', { category: 'network' });
const down = (): Promise<never> => Promise.reject(outage());
const ok = 'success';

/** An input that gives chunks and then waits until it is stopped. */
function endless(chunks: Parameters<typeof inputOf>[0]): Setup['input'] {
  return {
    endless: true,
    async *read({ signal }) {
      yield* chunks;
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve());
      });
    },
  };
}

describe('the commit policy', () => {
  // Outputs a, b, c; a and b are required. `x` is one that fails.
  it.each([
    ['required', 'abc', ok],
    ['required', 'abx', ok],
    ['required', 'axc', 'error'],
    ['all', 'abc', ok],
    ['all', 'abx', 'error'],
    ['all', 'xbc', 'error'],
    [1, 'xxc', ok],
    [1, 'xxx', 'error'],
    [2, 'xbc', ok],
    [2, 'xxc', 'error'],
    [3, 'abx', 'error'],
    [3, 'abc', ok],
  ] as const)('%s with outputs %s ends as %s', async (mode, state, status) => {
    const commitPolicy: Plan['commitPolicy'] =
      typeof mode === 'number' ? { mode: 'quorum', quorum: mode } : { mode };
    const sinks = ['a', 'b', 'c'].map(
      (name, index) =>
        [
          name,
          Object.assign(sink(state[index] === 'x' ? down : undefined), { required: name !== 'c' }),
        ] as const,
    );
    const { plan, options, saves } = bench({
      input: inputOf([chunk([1, 2], { checkpoint: 2 })]),
      outputs: Object.fromEntries(sinks),
      plan: { commitPolicy },
    });

    const result = await start(plan, options).result;

    expect(result.status).toBe(status);
    expect(saves).toEqual(status === ok ? [2] : []);
    for (const [name, { ids }] of sinks) expect(ids).toEqual(state.includes(name) ? [1, 2] : []);
    expect(result.outputs?.['c']?.records_failed).toBe(state.endsWith('x') ? 2 : 0);
  });

  it('stores what an optional output missed', async () => {
    const { plan, options, letters } = bench({
      input: inputOf([chunk([1, 2], { checkpoint: 2 })]),
      outputs: { main: sink(), extra: Object.assign(sink(down), { required: false }) },
      plan: { deadLetter },
    });

    const result = await start(plan, options).result;

    expect(result.outputs?.['extra']).toMatchObject({
      records_written: 0,
      records_dead_lettered: 2,
    });
    expect(letters.map(({ stageId, record }) => [stageId, record?.['id']])).toEqual([
      ['extra', 1],
      ['extra', 2],
    ]);
  });
});

describe('an output', () => {
  it('gets only what its `when` takes, and an error in it is an error of that record', async () => {
    const even = Object.assign(sink(), {
      when: ({ id }: Record<string, unknown>) => Number(id) % 2 === 0,
    });
    const picky = Object.assign(sink(), {
      onError: 'skip' as const,
      when: ({ id }: Record<string, unknown>) => {
        if (id === 1) throw refused();
        return true;
      },
    });
    const { plan, options } = bench({
      input: inputOf([chunk([1, 2, 3])]),
      outputs: { even, picky },
    });

    const result = await start(plan, options).result;

    expect([even.ids, picky.ids]).toEqual([[2], [2, 3]]);
    expect(result.outputs).toMatchObject({
      even: { records_written: 1, records_dropped: 2 },
      picky: { records_written: 2, records_failed: 1 },
    });
  });

  it.each([
    ['fail', 'error', 0],
    ['drop', ok, 0],
    ['dlq', ok, 1],
  ] as const)(
    'with `first-match` and `unmatched: %s` ends as %s',
    async (unmatched, status, stored) => {
      const small = Object.assign(sink(), {
        when: ({ id }: Record<string, unknown>) => Number(id) < 3,
      });
      const two = Object.assign(sink(), {
        when: ({ id }: Record<string, unknown>) => id === 2 || id === 3,
      });
      const { plan, options, letters } = bench({
        input: inputOf([chunk([1, 2, 3, 4])]),
        outputs: { small, two },
        plan: { routing: 'first-match', unmatched, deadLetter },
      });

      const result = await start(plan, options).result;

      expect(result.status).toBe(status);
      expect(letters).toHaveLength(stored);
      expect([small.ids, two.ids]).toEqual(status === ok ? [[1, 2], [3]] : [[], []]);
      expect(result.error?.code).toBe(status === ok ? undefined : 'routing.unmatched');
    },
  );

  it('keeps the cursor below a record that was skipped in an outage', async () => {
    const output = Object.assign(
      sink(({ seq }) => (seq === 1 ? down() : Promise.resolve())),
      { onError: 'skip' as const },
    );
    const chunks = [1, 2, 3].map((id) => chunk([id], { checkpoint: id }));
    const { plan, options, saves } = bench({
      input: inputOf(chunks),
      outputs: { output },
      plan: { onErrorScope: 'records' },
    });

    const result = await start(plan, options).result;

    expect(result).toMatchObject({
      status: ok,
      partial: true,
      records_written: 2,
      records_failed: 1,
    });
    expect(saves).toEqual([1]);
  });

  it('counts what it accepted before the first failure', async () => {
    const output = sink(({ failFast }) =>
      Promise.resolve(
        failFast ? { rejected: [{ index: 1, fault: refused() }], unsent: [2] } : undefined,
      ),
    );
    const { plan, options } = bench({ input: inputOf([chunk([1, 2, 3])]), outputs: { output } });

    const result = await start(plan, options).result;

    expect(result).toMatchObject({ status: 'error', records_written: 1, records_failed: 2 });
  });

  it.each(['skip', 'log'] as const)(
    'that did not commit a batch fails, also with `onError: %s`',
    async (onError) => {
      const told: unknown[] = [];
      const output = sink((batch) => {
        told.push(batch.onError);
        return Promise.resolve({ rejected: [{ index: 1, fault: refused() }], failure: refused() });
      });
      const { plan, options, saves } = bench({
        input: inputOf([chunk([1, 2, 3], { checkpoint: 3 })]),
        outputs: { output: Object.assign(output, { onError }) },
      });

      const result = await start(plan, options).result;

      expect(result).toMatchObject({ status: 'error', records_written: 0, records_failed: 3 });
      expect([told, saves]).toEqual([[onError], []]);
    },
  );

  it('in an endless pipeline is tried until it takes what it has not yet taken', async () => {
    let calls = 0;
    const output = sink(() => {
      calls++;
      if (calls === 1) return down();
      return Promise.resolve(
        calls === 2 ? { rejected: [{ index: 0, fault: outage() }] } : undefined,
      );
    });
    const waits: number[] = [];
    const { plan, options, saves } = bench({
      input: endless([chunk([1, 2], { checkpoint: 2 })]),
      outputs: { output },
      options: { wait: (ms) => Promise.resolve(void waits.push(ms)) },
    });

    const run = start(plan, options);
    await expect.poll(() => saves).toEqual([2]);
    const result = await run.stop(1000);

    expect(result).toMatchObject({ status: ok, records_written: 2 });
    expect(output.batches).toEqual([[2], [1]]);
    expect(waits).toHaveLength(2);
    expect(Math.max(...waits)).toBeLessThanOrEqual(400);
  });

  it('that hangs is ended by its deadline', async () => {
    const output = sink(() => new Promise(() => undefined));
    const { plan, options } = bench({
      input: inputOf([chunk([1])]),
      outputs: { output },
      plan: { outputDeadlineMs: 5 },
    });

    const result = await start(plan, options).result;

    expect(result.error).toMatchObject({
      code: 'OUTPUT_FAILED',
      error_category: 'network',
      details: { fault: 'output.deadline' },
    });
  });

  it('that buffers counts nothing before its flush, and nothing at all in a failed run', async () => {
    const flushed: string[] = [];
    const buffer = (): ReturnType<typeof sink> =>
      sink(undefined, { flush: () => Promise.resolve(void flushed.push('flush')) });
    const chunks = [1, 2].map((id) => chunk([id], { checkpoint: id }));
    const good = bench({ input: inputOf(chunks), outputs: { buffer: buffer() } });
    const bad = bench({
      input: inputOf(chunks),
      outputs: {
        buffer: buffer(),
        other: sink(({ seq }) => (seq === 1 ? down() : Promise.resolve())),
      },
    });

    const [first, second] = [
      await start(good.plan, good.options).result,
      await start(bad.plan, bad.options).result,
    ];

    expect(good.saves).toEqual([2]);
    expect(first).toMatchObject({ status: ok, records_written: 2 });
    expect(bad.saves).toEqual([]);
    expect(second.outputs?.['buffer']).toMatchObject({ records_written: 0, records_failed: 2 });
    expect(flushed).toEqual(['flush']);
  });
});

describe('dead letters', () => {
  it('that are slow to store hold back the checkpoint of the batch behind them (G1)', async () => {
    const gate = Promise.withResolvers<void>();
    const output = Object.assign(
      sink(({ seq }) =>
        Promise.resolve(seq === 0 ? { rejected: [{ index: 0, fault: refused() }] } : undefined),
      ),
      { onError: 'dlq' as const },
    );
    const settled: string[] = [];
    const { plan, options, saves } = bench({
      input: inputOf([1, 2].map((id) => chunk([id], { checkpoint: id }))),
      outputs: { output },
      plan: { deadLetter, batch: limits({ maxEvents: 1, maxInflight: 2 }) },
      options: {
        deadLetters: { store: () => gate.promise },
        failpoint: (name) => void settled.push(name),
      },
    });

    const run = start(plan, options);
    await expect.poll(() => output.ids).toEqual([2]);
    // A save that is due would begin within these turns.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    const whileStoring = [...saves];
    const begun = settled.includes('before-save');
    gate.resolve();
    await run.result;

    expect([whileStoring, begun]).toEqual([[], false]);
    expect(saves.at(-1)).toBe(2);
  });

  it('that cannot be stored fail the run, and nothing is saved', async () => {
    const output = Object.assign(
      sink(() => Promise.resolve({ rejected: [{ index: 0, fault: refused() }] })),
      { onError: 'dlq' as const },
    );
    const { plan, options, saves } = bench({
      input: inputOf([chunk([1, 2], { checkpoint: 2 })]),
      outputs: { output },
      plan: { deadLetter },
      options: {
        deadLetters: { store: () => Promise.reject(new Fault('dead-letter.full', 'full')) },
      },
    });

    const result = await start(plan, options).result;

    expect(result).toMatchObject({ status: 'error', records_written: 1, records_failed: 1 });
    expect(result.error).toMatchObject({ code: 'dead-letter.full' });
    expect(saves).toEqual([]);
  });

  it('above the safety valve fail the run', async () => {
    const output = Object.assign(
      sink(({ items }) =>
        Promise.resolve({ rejected: items.map((_, index) => ({ index, fault: refused() })) }),
      ),
      { onError: 'dlq' as const },
    );
    const { plan, options, letters } = bench({
      input: inputOf([chunk([1, 2, 3, 4], { checkpoint: 4 })]),
      outputs: { output },
      plan: { deadLetter: { transient: false, maxRate: { ratio: 0.5, minRecords: 4 } } },
    });

    const result = await start(plan, options).result;

    expect(result.error).toMatchObject({ code: 'dead-letter.rate' });
    expect(letters).toEqual([]);
  });

  it('take input records that could not be read, with `onError: dlq`', async () => {
    const unreadable = [{ raw: '{"id":', fault: refused() }];
    const { plan, options, letters } = bench({
      input: inputOf([chunk([1], { unreadable })]),
      outputs: { output: sink() },
      plan: { deadLetter },
    });

    const failed = await start(plan, options).result;
    const stored = await start({ ...plan, input: { ...plan.input, onError: 'dlq' } }, options)
      .result;

    expect(failed).toMatchObject({ status: 'error' });
    expect(stored).toMatchObject({
      status: ok,
      records_read: 2,
      records_written: 1,
      records_dead_lettered: 1,
    });
    expect(letters).toMatchObject([{ stage: 'input', raw: '{"id":' }]);
  });
});

describe('a run that is steered', () => {
  it('pulls nothing while it is paused, and loses nothing', async () => {
    let sends = 0;
    const output = sink();
    const { plan, options } = bench({
      input: inputOf([1, 2, 3].map((id) => chunk([id], { checkpoint: id }))),
      outputs: { output },
      options: {
        failpoint: (name) => void (name === 'before-send' && ++sends === 1 && run.pause()),
      },
    });

    const run = start(plan, options);
    await expect.poll(() => run.progress().phase).toBe('paused');
    await expect.poll(() => run.progress().inflight).toBe(0);
    const whilePaused = [...output.ids];
    run.resume();
    const result = await run.result;

    expect(whilePaused).toEqual([1]);
    expect(output.ids).toEqual([1, 2, 3]);
    expect(result.status).toBe(ok);
  });

  it('drains what was pulled when it is stopped', async () => {
    const output = sink();
    const { plan, options, saves } = bench({
      input: endless([chunk([1, 2], { checkpoint: 2 }), chunk([3], { checkpoint: 3 })]),
      outputs: { output },
      plan: { batch: limits({ maxMs: 60_000 }) },
    });

    const run = start(plan, options);
    await expect.poll(() => run.progress().records_read).toBe(3);
    const result = await run.stop(1000);

    expect(output.ids).toEqual([1, 2, 3]);
    expect([result.status, saves]).toEqual([ok, [3]]);
  });

  it('is cancelled when it does not drain in time', async () => {
    const output = sink(() => new Promise(() => undefined));
    const { plan, options, saves } = bench({
      input: endless([chunk([1], { checkpoint: 1 })]),
      outputs: { output },
    });

    const run = start(plan, options);
    await expect.poll(() => run.progress().inflight).toBe(1);
    const result = await run.stop(1);

    expect(result).toMatchObject({
      status: 'error',
      records_failed: 1,
      error: { code: 'run.cancelled' },
    });
    expect(saves).toEqual([]);
  });

  it('keeps no more in memory than the budget', async () => {
    const gate = Promise.withResolvers<void>();
    let pulled = 0;
    const { plan, options } = bench({
      input: {
        async *read() {
          for (let id = 0; id < 100; id++) {
            pulled++;
            yield chunk([id], { bytes: 10 });
          }
        },
      },
      outputs: { output: sink(() => gate.promise.then(() => undefined)) },
      plan: {
        batch: limits({ maxEvents: 1000, maxBytes: 30 }),
        memory: { maxBytes: 90, maxRecordBytes: 90 },
      },
    });

    const run = start(plan, options);
    await expect.poll(() => pulled).toBe(6);
    expect(run.progress().records_read).toBe(6);
    gate.resolve();

    expect(await run.result).toMatchObject({ records_written: 100 });
  });

  it('in a dry run asks for previews and writes nothing', async () => {
    const output = sink(() => Promise.reject(new Error('written')), {
      open: () => Promise.reject(new Error('opened')),
      preview: ({ items }) =>
        items.map(({ record }) => ({ title: `send ${JSON.stringify(record['id'])}` })),
    });
    const { plan, options, saves } = bench({
      input: inputOf([chunk([1, 2], { checkpoint: 2 }), chunk([3, 4], { checkpoint: 4 })]),
      outputs: { output },
      options: { dryRun: { maxRecords: 3, previewLimit: 2, showCredentials: false } },
    });

    const result = await start(plan, options).result;

    expect(result).toMatchObject({ status: ok, records_read: 3, records_written: 3 });
    expect(result.preview).toEqual([
      {
        output: 'output',
        records: 3,
        operations: [{ title: 'send 1' }, { title: 'send 2' }],
        operations_omitted: 1,
      },
    ]);
    expect(saves).toEqual([]);
  });

  it('tells those who wait what became of their records', async () => {
    const fates: boolean[] = [];
    const settled = ({ delivered }: { delivered: boolean }): void => void fates.push(delivered);
    const { plan, options } = bench({
      input: inputOf([chunk([1], { settled }), chunk([2], { settled })]),
      outputs: { output: sink(({ seq }) => (seq === 1 ? down() : Promise.resolve())) },
    });

    await start(plan, options).result;

    expect(fates).toEqual([true, false]);
  });
});
