import { describe, expect, it } from 'vitest';
import type { CheckpointKeeper, Json, KeptCheckpoint, Output } from '../src/index.ts';
import { closePlan, start } from '../src/run.ts';
import { bench, chunk, idOf, inputOf, limits, sink } from './synthetic.ts';

/** A destination with a table of rows and one of checkpoints, committed together. */
function destination(kept?: KeptCheckpoint) {
  const rows: Json[] = [];
  const open: Json[] = [];
  let table = kept;
  const checkpoints: CheckpointKeeper = {
    load: () => Promise.resolve(table),
    save(next) {
      rows.push(...open.splice(0));
      table = next;
      return Promise.resolve();
    },
  };
  const output: Output = {
    checkpoints,
    write({ items }) {
      open.push(...items.map(idOf));
      return Promise.resolve();
    },
    close() {
      open.length = 0;
      return Promise.resolve();
    },
  };
  return { output, rows, table: () => table };
}

/** Runs a pipeline whose input starts at the id behind its checkpoint. */
async function runTo(
  { output }: ReturnType<typeof destination>,
  file: Json | undefined,
  chunks = [chunk([1, 2]), chunk([3], { checkpoint: { id: 3 } })],
) {
  const from: Json[] = [];
  const files: Json[] = [];
  const { plan, options } = bench({
    input: {
      async *read({ checkpoint }) {
        from.push(checkpoint ?? null);
        yield* chunks;
      },
    },
    outputs: { database: output },
    options: {
      store: {
        load: () => Promise.resolve(file),
        save: (checkpoint) => Promise.resolve(void files.push(checkpoint)),
      },
    },
  });
  const result = await start(plan, options).result;
  await closePlan(plan);
  return { result, from: from[0], files };
}

describe('an output that keeps the checkpoint', () => {
  it('commits records and position together, then the state file', async () => {
    const database = destination();

    const { result, files } = await runTo(database, undefined);

    expect(result).toMatchObject({ status: 'success', records_written: 3, checkpoint: { id: 3 } });
    expect(database.rows).toEqual([1, 2, 3]);
    expect(database.table()).toEqual({ checkpoint: { id: 3 }, previous: {} });
    // The file is made before the first commit, so that a missing one is always a deleted one.
    expect(files).toEqual([{}, { id: 3 }]);
  });

  const kept = { checkpoint: { id: 7, offset: 2 }, previous: { id: 5 } };

  it.each([
    ['deleted by a person', undefined, {}],
    ['in step', { offset: 2, id: 7 }, kept.checkpoint],
    ['one save behind: the process was killed', { id: 5 }, kept.checkpoint],
    ['edited by a person', { id: 1 }, { id: 1 }],
  ])('begins where it should when the file is %s', async (_, file, expected) => {
    const database = destination(kept);

    const { from, files } = await runTo(database, file, []);

    expect(from).toEqual(expected);
    expect(database.table()?.checkpoint).toEqual(expected);
    expect(files.at(-1) ?? file).toEqual(expected);
  });

  it('knows whole numbers beyond 2^53 again, which a file holds as text', async () => {
    const database = destination({ checkpoint: { id: 2n ** 60n }, previous: {} });

    const { from } = await runTo(database, { id: String(2n ** 60n) }, []);

    expect(from).toEqual({ id: 2n ** 60n });
  });

  it('commits nothing of a run that fails', async () => {
    const database = destination();
    const broken = {
      ...database.output,
      write: () => Promise.reject(new Error('connection lost')),
    };

    const { result } = await runTo({ ...database, output: broken }, undefined);

    expect(result).toMatchObject({ status: 'error', records_written: 0, records_failed: 3 });
    expect(database.rows).toEqual([]);
  });

  it('commits nothing where the position may not move', async () => {
    const database = destination();

    const { result } = await runTo(database, undefined, [chunk([1, 2])]);

    expect(result).toMatchObject({
      status: 'error',
      error: { code: 'run.no-safe-point' },
      records_written: 0,
      records_failed: 2,
    });
    expect(database.rows).toEqual([]);
  });

  it('ends its batches at safe points, whatever `batch` says', async () => {
    const database = destination();
    const { plan, options } = bench({
      input: inputOf([chunk([1], { checkpoint: { id: 1 } }), chunk([2, 3])]),
      outputs: { database: database.output },
      plan: { batch: limits({ maxEvents: 2, maxInflight: 3 }) },
    });

    const result = await start(plan, options).result;

    expect(result.error?.code).toBe('run.no-safe-point');
    expect(database.rows).toEqual([1]);
  });
});

describe('an output that takes batches concurrently', () => {
  it('gets as many as may be in flight, and its commits stay in order', async () => {
    const first = Promise.withResolvers<void>();
    const begun: Json[] = [];
    const output = sink(
      async ({ items, seq }) => {
        begun.push(...items.map(idOf));
        if (seq === 0) await first.promise;
        else if (seq === 2) first.resolve();
      },
      { concurrent: 'batches' },
    );
    const { plan, options, saves } = bench({
      input: inputOf([1, 2, 3, 4].map((id) => chunk([id], { checkpoint: { id } }))),
      outputs: { output },
      plan: { batch: limits({ maxEvents: 1, maxInflight: 3 }) },
    });

    const result = await start(plan, options).result;

    expect(result).toMatchObject({ status: 'success', records_written: 4 });
    expect(begun.slice(0, 3)).toEqual([1, 2, 3]);
    expect(output.ids.indexOf(2)).toBeLessThan(output.ids.indexOf(1));
    expect(saves.at(-1)).toEqual({ id: 4 });
    expect(saves.map((saved) => (saved as { id: number }).id)).toEqual(
      saves.map((saved) => (saved as { id: number }).id).toSorted((a, b) => a - b),
    );
  });
});
