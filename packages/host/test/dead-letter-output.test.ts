import { Fault, type Output, type OutputBatch } from '@cannectors/core';
import type { DeadLetter } from '@cannectors/core/run';
import { describe, expect, it } from 'vitest';
import type { DeadLetters } from '../src/dead-letters/dead-letter-file.ts';
import { deadLetterOutput } from '../src/dead-letters/dead-letter-output.ts';
import { scrub } from '../src/scrub.ts';

const letters: DeadLetter[] = [1, 2].map((id) => ({
  id: `r${id}:filter:filters[0]`,
  stage: 'filter',
  stageId: 'filters[0]',
  batchSeq: 0,
  run: 'run-1',
  record: { id },
  fault: new Fault('MISSING_FIELD', 'There is no `sku`.', { category: 'validation' }),
  attempts: 1,
}));

function target(output: Partial<Output>, withStore = false) {
  const stored: DeadLetter[] = [];
  const store: DeadLetters = {
    open: async () => undefined,
    store: async (more) => void stored.push(...more),
    close: async () => undefined,
  };
  const sent = deadLetterOutput({
    pipeline: 'orders',
    id: 'graveyard',
    output: { write: async () => undefined, ...output },
    scrub: scrub([]),
    ...(withStore && { store }),
  });
  return { sent, stored };
}

describe('dead letters to an output', () => {
  it('are records that say what happened, delivered when it has flushed', async () => {
    const written: OutputBatch[] = [];
    let flushed = 0;
    const { sent } = target({
      write: async (batch) => void written.push(batch),
      flush: async () => void flushed++,
    });

    await sent.store(letters);

    expect(written[0]?.items.map(({ record }) => record)).toMatchObject([
      { id: 'r1:filter:filters[0]', record: { id: 1 }, error: { code: 'MISSING_FIELD' }, seq: 1 },
      { id: 'r2:filter:filters[0]', record: { id: 2 }, stage_id: 'filters[0]', seq: 2 },
    ]);
    expect(flushed).toBe(1);
  });

  const refusals: readonly [string, Partial<Output>][] = [
    ['throws', { write: () => Promise.reject(new Fault('http.down', 'Down.')) }],
    [
      'rejects one',
      { write: async () => ({ rejected: [{ index: 1, fault: new Fault('x', 'No.') }] }) },
    ],
    ['leaves some unsent', { write: async () => ({ unsent: [1] }) }],
    ['cannot flush', { flush: () => Promise.reject(new Error('disk full')) }],
  ];

  it.each(refusals)('hold up the batch when it %s', async (_title, output) => {
    const { sent } = target(output);

    await expect(sent.store(letters)).rejects.toMatchObject({
      code: 'dead-letter.not-delivered',
      retry: true,
    });
  });

  it.each(refusals)(
    'go to the store when it %s and the document says so',
    async (_title, output) => {
      const { sent, stored } = target(output, true);

      await sent.store(letters);

      expect(stored).toEqual(letters);
    },
  );

  it('end a write that hangs when the pipeline is closed', async () => {
    const { sent } = target({
      write: (_batch, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    });
    const storing = sent.store(letters).catch((error: unknown) => error);

    await sent.close();

    await expect(storing).resolves.toMatchObject({ code: 'dead-letter.not-delivered' });
  });
});
