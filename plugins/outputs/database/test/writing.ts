import {
  type CheckpointKeeper,
  type Item,
  itemOf,
  type JsonRecord,
  type Output,
  type WriteResult,
} from '@cannectors/core';
import { type FakeContext, fakeContext } from '@cannectors/testkit';
import { onTestFinished } from 'vitest';
import { database } from '../src/database.ts';
import { complete } from './complete.ts';

type OnError = 'fail' | 'skip' | 'log' | 'dlq';

export interface Writing {
  readonly output: Output;
  readonly context: FakeContext;
  readonly keeper: CheckpointKeeper;
  readonly write: (
    records: readonly JsonRecord[],
    onError?: OnError,
  ) => ReturnType<Output['write']>;
  /** Messages of a level, with their fields. */
  readonly said: (level: string) => { message: string; fields: unknown }[];
}

/** An output that is open, and closed when the test is over. */
export async function writing(config: JsonRecord): Promise<Writing> {
  const context = fakeContext({ folder: import.meta.dirname });
  const output = database(complete(config), context);
  const { signal } = new AbortController();
  onTestFinished(() => output.close?.());
  await output.open?.(signal);
  let seq = 0;

  return {
    output,
    context,
    keeper: output.checkpoints as CheckpointKeeper,
    write: (records, onError = 'fail') =>
      output.write(
        { items: itemsOf(records), seq: seq++, attempt: 1, failFast: onError === 'fail', onError },
        signal,
      ),
    said: (level) =>
      context.lines
        .filter((line) => line.level === level)
        .map(({ message, fields }) => ({ message, fields })),
  };
}

/** Places and codes of what was not written. */
export function facts(result: WriteResult | void) {
  const { rejected = [], unsent = [], failure } = result ?? {};
  return {
    rejected: rejected.map(({ index, fault }) => [index, fault.code]),
    unsent: [...unsent],
    ...(failure !== undefined && { failure: failure.code }),
  };
}

export function itemsOf(records: readonly JsonRecord[]): Item[] {
  return records.map((record) => itemOf(record));
}
