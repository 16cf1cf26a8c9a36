// What the benchmarks of the drivers share.
import type { Json } from '@cannectors/core';

/** How far below its goal a ratio may be on a loaded machine before it is a failure. */
export const tolerance = 0.75;

export const forever = new AbortController().signal;

/** The defaults of a module. */
export const settings = {
  maxOpenConns: 10,
  maxIdleConns: 5,
  connMaxLifetimeSeconds: 1800,
  connMaxIdleTimeSeconds: 300,
  timeoutMs: 30_000,
  int64: 'exact',
  binary: 'text',
} as const;

export const columns = ['id', 'name', 'email', 'amount', 'created', 'active'];

/** Batches of rows as a mapping leaves them. */
export function batchesOf(total: number, perBatch: number): Json[][][] {
  return Array.from({ length: total / perBatch }, (_, batch) =>
    Array.from({ length: perBatch }, (__, index) => rowOf(batch * perBatch + index)),
  );
}

function rowOf(id: number): Json[] {
  return [
    id,
    `Customer ${id}`,
    `customer${id}@example.com`,
    (id * 5) / 4,
    '2026-07-26T10:00:00.123456Z',
    id % 2 === 0,
  ];
}
