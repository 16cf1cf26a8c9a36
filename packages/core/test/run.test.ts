import { describe, expect, it } from 'vitest';
import { Fault } from '../src/index.ts';
import { start } from '../src/run.ts';
import { bench, chunk, deadLetter, inputOf, limits, sink } from './synthetic.ts';

const refused = (message = 'no'): Fault =>
  new Fault('sink.refused', message, { category: 'validation' });
const outage = (): Fault =>
  new Fault('sink.down', 'network error: refused', { category: 'network' });

describe('a run', () => {
  it('moves every record to the output and says so', async () => {
    const output = sink();
    const { plan, options, lines } = bench({
      input: inputOf([chunk([1, 2]), chunk([3])]),
      outputs: { output },
    });

    const result = await start(plan, options).result;

    expect(output.batches).toEqual([[1, 2, 3]]);
    expect(result).toMatchObject({
      status: 'success',
      records_read: 3,
      records_written: 3,
      records_dropped: 0,
    });
    expect(lines.filter(({ message }) => message === 'execution completed')).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ level: 'info', message: 'execution completed' });
  });

  it('saves the checkpoint after delivery, and none of a failed run', async () => {
    const failing = sink((batch) =>
      batch.seq === 1 ? Promise.reject(outage()) : Promise.resolve(),
    );
    const { plan, options, saves } = bench({
      input: inputOf([
        chunk([1], { checkpoint: 1 }),
        chunk([2], { checkpoint: 2 }),
        chunk([3], { checkpoint: 3 }),
      ]),
      outputs: { failing },
    });

    const result = await start(plan, options).result;

    expect(saves).toEqual([1]);
    expect(result).toMatchObject({ status: 'error', records_written: 1 });
    expect(result.error).toMatchObject({
      code: 'OUTPUT_FAILED',
      module: 'sink',
      error_category: 'network',
    });
    expect(result.records_read).toBe(result.records_written + result.records_failed);
  });

  it('commits a later batch only after the earlier one', async () => {
    const gate = Promise.withResolvers<void>();
    const output = sink(async ({ seq }) => {
      if (seq === 0) await gate.promise;
    });
    const slow = sink();
    const { plan, options, saves } = bench({
      input: inputOf([
        chunk([1], { checkpoint: 1 }),
        chunk([2], { checkpoint: 2 }),
        chunk([3], { checkpoint: 3 }),
      ]),
      outputs: { output, slow },
      plan: { batch: limits({ maxEvents: 1, maxInflight: 3 }) },
    });

    const run = start(plan, options);
    await expect.poll(() => slow.ids).toEqual([1, 2, 3]);
    expect(saves).toEqual([]);
    gate.resolve();
    await run.result;

    expect(saves.at(-1)).toBe(3);
    expect(saves).toEqual(saves.toSorted((a, b) => Number(a) - Number(b)));
  });

  it.each([
    ['fail', 'error', { records_written: 0, records_failed: 3 }],
    ['skip', 'success', { records_written: 2, records_failed: 1 }],
    ['log', 'success', { records_written: 2, records_failed: 1 }],
  ] as const)('with `onError: %s` of a filter ends as %s', async (onError, status, counts) => {
    const output = sink();
    const filter = {
      onError,
      each: (item: { record: Record<string, unknown> }) => {
        if (item.record['id'] === 2) throw refused();
        return item as never;
      },
    };
    const { plan, options } = bench({
      input: inputOf([chunk([1, 2, 3])]),
      filters: [filter],
      outputs: { output },
    });

    const result = await start(plan, options).result;

    const kept = onError === 'log' ? { records_written: 3, records_failed: 0 } : counts;
    expect(result).toMatchObject({ status, ...kept });
    expect(result.error_counts).toEqual(onError === 'log' ? { validation: 1 } : undefined);
  });

  it('stores what an output rejects before it commits', async () => {
    const output = Object.assign(
      sink(({ items }) =>
        Promise.resolve({
          rejected: items.flatMap((item, index) =>
            item.record['id'] === 2 ? [{ index, fault: refused() }] : [],
          ),
        }),
      ),
      { onError: 'dlq' as const },
    );
    const { plan, options, letters, saves } = bench({
      input: inputOf([chunk([1, 2, 3], { checkpoint: 3 })]),
      outputs: { output },
      plan: { deadLetter },
    });

    const result = await start(plan, options).result;

    expect(result).toMatchObject({
      status: 'success',
      records_written: 2,
      records_dead_lettered: 1,
    });
    expect(letters).toMatchObject([
      { record: { id: 2 }, stage: 'output', stageId: 'output', attempts: 1 },
    ]);
    expect(letters[0]?.id).toMatch(/^[0-9a-f-]{36}:output:output$/);
    expect(saves).toEqual([3]);
  });
});
