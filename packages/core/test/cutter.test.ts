import { describe, expect, it } from 'vitest';
import type { Chunk } from '../src/index.ts';
import { type Cutter, cutter } from '../src/run/cutter.ts';
import { chunk, idOf, limits } from './synthetic.ts';

const memoryBytes = 1000;

function cutting(more: Parameters<typeof limits>[0] & { bySafePoint?: boolean }): Cutter {
  return cutter({
    ...limits(more),
    bySafePoint: more.bySafePoint ?? false,
    memoryBytes,
    isHeld: false,
  });
}

/** What comes out of a cutter: ids of each batch, and its checkpoint. */
function cut(cutter: Cutter, chunks: readonly Chunk[], bytes = 10, isComplete = true) {
  const done = chunks.flatMap((given) => cutter.add(given, bytes, []));
  const { batch, unread } = cutter.end(isComplete);
  const batches = [...done, ...(batch === undefined ? [] : [batch])];
  return { unread, batches: batches.map(({ items, checkpoint }) => [items.map(idOf), checkpoint]) };
}

describe('a cutter', () => {
  it('ends a batch when it holds `maxEvents` records', () => {
    const { batches } = cut(cutting({ maxEvents: 2 }), [chunk([1]), chunk([2, 3, 4]), chunk([5])]);

    expect(batches).toEqual([
      [[1, 2], undefined],
      [[3, 4], undefined],
      [[5], undefined],
    ]);
  });

  it('ends a batch when it holds `maxBytes`, at most one record above', () => {
    const { batches } = cut(cutting({ maxBytes: 25 }), [chunk([1, 2, 3, 4])], 40);

    expect(batches).toEqual([
      [[1, 2, 3], undefined],
      [[4], undefined],
    ]);
  });

  it('lets a record that is larger than `maxBytes` travel alone', () => {
    const { batches } = cut(cutting({ maxBytes: 5 }), [chunk([1]), chunk([2])], 100);

    expect(batches).toEqual([
      [[1], undefined],
      [[2], undefined],
    ]);
  });

  it('gives a batch the checkpoint of its last safe point only', () => {
    const chunks = [chunk([1, 2], { checkpoint: 2 }), chunk([3, 4], { checkpoint: 4 })];

    const { batches } = cut(cutting({ maxEvents: 3 }), chunks);

    expect(batches).toEqual([
      [[1, 2, 3], 2],
      [[4], 4],
    ]);
  });

  it('never ends a batch inside a source transaction', () => {
    const chunks = [
      chunk([1, 2], { insideTransaction: true }),
      chunk([3], { insideTransaction: true }),
      chunk([4], { insideTransaction: false, checkpoint: 'a' }),
      chunk([5], { insideTransaction: false, checkpoint: 'b' }),
    ];

    const { batches } = cut(cutting({ maxEvents: 2 }), chunks);

    expect(batches).toEqual([
      [[1, 2, 3, 4], 'a'],
      [[5], 'b'],
    ]);
  });

  it('splits a transaction where `respectSourceTx` is off', () => {
    const chunks = [
      chunk([1, 2], { insideTransaction: true }),
      chunk([3], { insideTransaction: false }),
    ];

    const { batches } = cut(cutting({ maxEvents: 2, respectSourceTx: false }), chunks);

    expect(batches).toEqual([
      [[1, 2], undefined],
      [[3], undefined],
    ]);
  });

  it('leaves out an open transaction when the source was stopped', () => {
    const chunks = [
      chunk([1], { insideTransaction: false, checkpoint: 'a' }),
      chunk([2, 3], { insideTransaction: true }),
    ];

    const result = cut(cutting({}), chunks, 10, false);

    expect(result).toEqual({ unread: 2, batches: [[[1], 'a']] });
  });

  it('refuses a transaction above half of the memory budget', () => {
    const cutter = cutting({});

    expect(() => cutter.add(chunk([1], { insideTransaction: true }), memoryBytes / 2, [])).toThrow(
      expect.objectContaining({ code: 'batch.transaction-too-large' }),
    );
  });

  it('without a `batch` block ends a batch at each checkpoint', () => {
    const chunks = [chunk([1]), chunk([2], { checkpoint: 2 }), chunk([3])];

    const { batches } = cut(cutting({ bySafePoint: true }), chunks);

    expect(batches).toEqual([
      [[1, 2], 2],
      [[3], undefined],
    ]);
  });

  it('without a `batch` block makes each delivery that somebody waits for a batch', () => {
    const settled = (): void => undefined;

    const { batches } = cut(cutting({ bySafePoint: true }), [
      chunk([1]),
      chunk([2], { settled }),
      chunk([3], { settled }),
    ]);

    expect(batches).toEqual([
      [[1], undefined],
      [[2], undefined],
      [[3], undefined],
    ]);
  });

  it('hands on a checkpoint that comes without records', () => {
    const { batches } = cut(cutting({}), [chunk([], { checkpoint: 'idle' })]);

    expect(batches).toEqual([[[], 'idle']]);
  });

  it('is due `maxMs` after the first record of the batch', () => {
    const cutter = cutting({ maxMs: 60_000 });

    expect(cutter.dueAt()).toBe(Infinity);
    cutter.add(chunk([1]), 10, []);
    const due = cutter.dueAt();
    cutter.add(chunk([2]), 10, []);

    expect(cutter.dueAt()).toBe(due);
    expect(due - performance.now()).toBeLessThanOrEqual(60_000);
    expect(cutter.flushDue()?.items.map(idOf)).toEqual([1, 2]);
    expect(cutter.dueAt()).toBe(Infinity);
  });
});
