import type { JsonRecord } from '@cannectors/core';
import type { Block } from '../../database.ts';
import { heard } from './answers.ts';
import type { Answer } from './client.ts';
import { columnsOf, type Reading } from './columns.ts';
import type { Limit, Link } from './link.ts';

/**
 * Reads the rows of an answer in blocks. The socket is not read while nobody wants the next one, and
 * only the waiting for the server counts towards the time-out.
 */
export async function* blocksOf(
  link: Link,
  ask: () => Answer,
  size: number,
  reading: Reading,
  limit: Limit,
): AsyncGenerator<Block> {
  let records: JsonRecord[] = [];
  let columns = columnsOf([], reading);
  const state = { isOver: false };
  let leftMs = limit.leftMs;
  let ready: () => void = () => undefined;
  let broke: (error: unknown) => void = () => undefined;
  let isAsked = false;
  const start = (): void => {
    isAsked = true;
    heard(ask(), {
      columns: (fields) => (columns = columnsOf(fields, reading)),
      row(row) {
        if (records.push(columns.record(row)) < size) return;
        link.connection.pause();
        ready();
      },
      end() {
        state.isOver = true;
        ready();
      },
      reject(error) {
        state.isOver = true;
        broke(error);
      },
    });
  };

  try {
    while (!state.isOver) {
      const began = performance.now();
      await link.wait<void>(
        (resolve, reject) => {
          ready = resolve;
          broke = reject;
          if (isAsked) link.connection.resume();
          else start();
        },
        { ...limit, leftMs },
      );
      leftMs = Math.max(1, leftMs - (performance.now() - began));
      const { instants } = columns;
      const full = records;
      records = [];
      if (full.length > 0) yield { records: full, instants };
    }
  } finally {
    if (isAsked && !state.isOver) link.cut();
  }
}
