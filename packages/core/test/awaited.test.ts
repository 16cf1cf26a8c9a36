import { describe, expect, it } from 'vitest';
import { type Chunk, Fault, type Json, type Outcome } from '../src/index.ts';
import { start } from '../src/run.ts';
import { bench, chunk, idOf, inputOf, limits, sink } from './synthetic.ts';

/** Deliveries that somebody waits for, and what each was told, in the order of the telling. */
function deliveries() {
  const told: { id: number; outcome: Outcome }[] = [];
  const of = (id: number, more: Partial<Chunk> = {}): Chunk =>
    chunk([id], { settled: (outcome) => void told.push({ id, outcome }), ...more });
  const fates = (): [number, boolean | string][] =>
    told.map(({ id, outcome }) => [id, outcome.fault?.code ?? outcome.delivered]);
  return { of, told, fates };
}

const endless = { endless: true };
const down = () => Promise.reject(new Fault('test.down', 'It is down.', { category: 'network' }));

describe('deliveries that somebody waits for', () => {
  it('fail alone in a pipeline that never ends, after one attempt', async () => {
    const { of, fates, told } = deliveries();
    const attempts: Json[] = [];
    const { plan, options } = bench({
      input: inputOf([of(1), of(2), of(3)], endless),
      outputs: {
        output: sink(({ items }) => {
          const id = items[0] === undefined ? null : idOf(items[0]);
          attempts.push(id);
          return id === 2 ? down() : Promise.resolve();
        }),
      },
    });

    const result = await start(plan, options).result;

    expect(fates()).toEqual([
      [1, true],
      [2, 'test.down'],
      [3, true],
    ]);
    expect(told[1]?.outcome.counts.failed).toBe(1);
    expect(attempts).toEqual([1, 2, 3]);
    expect(result).toMatchObject({
      status: 'success',
      records_read: 3,
      records_written: 2,
      records_failed: 1,
    });
  });

  it('fail alone in a filter too', async () => {
    const { of, fates } = deliveries();
    const output = sink();
    const { plan, options } = bench({
      input: inputOf([of(1), of(2)], endless),
      filters: [
        {
          each(item) {
            if (idOf(item) === 1) throw new Fault('test.bad', 'It is bad.');
            return item;
          },
        },
      ],
      outputs: { output },
    });

    const result = await start(plan, options).result;

    expect(fates()).toEqual([
      [1, 'test.bad'],
      [2, true],
    ]);
    expect(output.ids).toEqual([2]);
    expect(result).toMatchObject({ status: 'success', records_failed: 1, records_written: 1 });
  });

  it('do not wait for each other where the output takes several at once', async () => {
    const { of, fates } = deliveries();
    const second = Promise.withResolvers<void>();
    const { plan, options } = bench({
      input: inputOf([of(1), of(2, { settled: () => second.resolve() })], endless),
      outputs: {
        output: sink(({ seq }) => (seq === 0 ? second.promise : Promise.resolve()), {
          concurrent: 'deliveries',
        }),
      },
    });

    const result = await start(plan, options).result;

    expect(result.records_written).toBe(2);
    expect(fates()).toEqual([[1, true]]);
  });

  it('come one by one to any other output', async () => {
    const { of } = deliveries();
    let writing = 0;
    let most = 0;
    const { plan, options } = bench({
      input: inputOf([of(1), of(2), of(3)], endless),
      outputs: {
        output: sink(async () => {
          most = Math.max(most, ++writing);
          await new Promise(setImmediate);
          writing--;
        }),
      },
    });

    const result = await start(plan, options).result;

    expect(result.records_written).toBe(3);
    expect(most).toBe(1);
  });

  it('stay whole, whatever their size', async () => {
    const told: number[] = [];
    const ids = Array.from({ length: 7 }, (_, id) => id);
    const output = sink();
    const settled = ({ counts }: Outcome): void => void told.push(counts.written);
    const { plan, options } = bench({
      input: inputOf([chunk(ids, { settled })], endless),
      outputs: { output },
      plan: { batch: limits({ maxEvents: 3 }) },
    });

    await start(plan, options).result;

    expect(output.batches).toEqual([ids]);
    expect(told).toEqual([7]);
  });

  it('share a batch, and its failure, where there is a `batch` block', async () => {
    const { of, fates } = deliveries();
    const { plan, options } = bench({
      input: inputOf([of(1), of(2), of(3)], endless),
      outputs: { output: sink(({ seq }) => (seq === 0 ? down() : Promise.resolve())) },
      plan: { batch: limits({ maxEvents: 2 }) },
    });

    const result = await start(plan, options).result;

    expect(fates()).toEqual([
      [1, 'test.down'],
      [2, 'test.down'],
      [3, true],
    ]);
    expect(result.status).toBe('success');
  });

  it('keep their place in the order when they carry a position', async () => {
    const { of, fates } = deliveries();
    const { plan, options, saves } = bench({
      input: inputOf([of(1, { checkpoint: 1 }), of(2, { checkpoint: 2 })], endless),
      outputs: { output: sink(undefined, { concurrent: 'deliveries' }) },
    });

    await start(plan, options).result;

    expect(saves.at(-1)).toBe(2);
    expect(fates()).toEqual([
      [1, true],
      [2, true],
    ]);
  });

  it('are refused when they cannot be read, and end nothing', async () => {
    const { of, fates } = deliveries();
    const unreadable = [{ raw: '{', fault: new Fault('test.torn', 'It is torn.') }];
    const { plan, options } = bench({
      input: inputOf([of(1, { items: [], unreadable }), of(2)], endless),
      outputs: { output: sink() },
    });

    const result = await start(plan, options).result;

    expect(fates()).toEqual([
      [1, 'test.torn'],
      [2, true],
    ]);
    expect(result.status).toBe('success');
  });

  it('fail the run of an input that ends', async () => {
    const { of, fates } = deliveries();
    const { plan, options } = bench({
      input: inputOf([of(1), of(2)]),
      outputs: { output: sink(down) },
    });

    const result = await start(plan, options).result;

    expect(result.status).toBe('error');
    expect(fates()).toEqual([
      [1, 'test.down'],
      [2, 'test.down'],
    ]);
  });
});

it('tells who waits at once, however seldom positions are saved', async () => {
  const { of, fates } = deliveries();
  const isTold = Promise.withResolvers<void>();
  const { plan, options } = bench({
    input: {
      endless: true,
      async *read() {
        yield chunk([1], { checkpoint: 1 });
        yield of(2);
        yield of(3, { settled: () => isTold.resolve() });
        await isTold.promise;
      },
    },
    outputs: { output: sink() },
    plan: { checkpointIntervalMs: 3_600_000 },
  });

  const result = await start(plan, options).result;

  expect(fates()).toEqual([[2, true]]);
  expect(result).toMatchObject({ status: 'success', records_written: 3 });
});

it('puts under `_metadata` what the input says, of its own for each record', async () => {
  const seen: Json[] = [];
  const metadata = { webhook: { endpoint: 'orders' } };
  const { plan, options } = bench({
    input: inputOf([
      {
        items: [
          { record: { _metadata: { webhook: 'forged' } }, meta: {} },
          { record: {}, meta: {} },
        ],
        metadata,
      },
    ]),
    outputs: {
      output: sink(({ items }) => {
        seen.push(...items.map(({ record }) => record['_metadata'] ?? null));
        return Promise.resolve();
      }),
    },
  });

  await start(plan, options).result;

  expect(seen).toEqual([metadata, metadata]);
  expect(seen[0]).not.toBe(seen[1]);
});

it('tells the input when it is paused and when it goes on', async () => {
  const told: boolean[] = [];
  const { plan, options } = bench({
    input: inputOf([chunk([1])], { paused: (isPaused) => void told.push(isPaused) }),
    outputs: { output: sink() },
  });

  const run = start(plan, options);
  run.pause();
  run.pause();
  run.resume();
  await run.result;

  expect(told).toEqual([true, false]);
});
