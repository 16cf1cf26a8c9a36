import type { Chunk } from '@cannectors/core';
import { inBursts } from './bursts.ts';

/** Passes chunks in order from those who bring them to the one who reads. */
export interface Handover extends AsyncIterator<Chunk, undefined> {
  /** @returns takes the chunk back, and tells whether that was in time */
  offer(chunk: Chunk, onTaken: () => void): () => boolean;
  /** What waits is still given, then the reading ends. */
  end(): void;
  /** What waits is not given any more. */
  discard(): void;
}

interface Waiting {
  readonly chunk: Chunk;
  readonly onTaken: () => void;
}

export function handover(): Handover {
  const together = inBursts();
  const waiting: Waiting[] = [];
  let asked: ((result: IteratorResult<Chunk, undefined>) => void) | undefined;
  let hasEnded = false;

  const give = (): void => {
    if (asked === undefined) return;
    const next = waiting.shift();
    if (next === undefined && !hasEnded) return;
    const answer = asked;
    asked = undefined;
    next?.onTaken();
    answer(
      next === undefined ? { done: true, value: undefined } : { done: false, value: next.chunk },
    );
  };

  return {
    offer(chunk, onTaken) {
      const one = { chunk, onTaken };
      waiting.push(one);
      if (waiting.length === 1) together(give);
      return () => {
        const index = waiting.indexOf(one);
        if (index !== -1) waiting.splice(index, 1);
        return index !== -1;
      };
    },
    end() {
      hasEnded = true;
      give();
    },
    discard() {
      waiting.length = 0;
      hasEnded = true;
      give();
    },
    next: () =>
      new Promise((resolve) => {
        asked = resolve;
        give();
      }),
  };
}
