import type { Chunk, Filter, Input, Item, Json, Log, Output, OutputBatch } from '../src/index.ts';
import { itemOf } from '../src/index.ts';
import {
  type CheckpointStore,
  type DeadLetter,
  type Plan,
  runScope,
  type RunOptions,
} from '../src/run.ts';

/** Plugins made for one test: the kernel is tried with nothing but the contract. */

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, Json | undefined>>;
}

export function logTo(lines: LogLine[]): Log {
  const at =
    (level: string): Log['info'] =>
    (message, fields = {}) =>
      void lines.push({ level, message, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export function chunk(ids: readonly number[], more: Partial<Chunk> = {}): Chunk {
  return { items: ids.map((id) => itemOf({ id })), ...more };
}

/** Gives the chunks that it was made with. */
export function inputOf(chunks: Iterable<Chunk>, more: Partial<Input> = {}): Input {
  return {
    async *read() {
      yield* chunks;
    },
    ...more,
  };
}

export interface Sink extends Output {
  /** Ids of the records that were accepted, in order. */
  readonly ids: Json[];
  readonly batches: Json[][];
}

/** Accepts everything, or what `answer` says. */
export function sink(
  answer?: (batch: OutputBatch, signal: AbortSignal) => ReturnType<Output['write']>,
  more: Partial<Output> = {},
): Sink {
  const ids: Json[] = [];
  const batches: Json[][] = [];
  return {
    ids,
    batches,
    async write(batch, signal) {
      const result = await answer?.(batch, signal);
      const lost = new Set([
        ...(result?.rejected ?? []).map(({ index }) => index),
        ...(result?.unsent ?? []),
      ]);
      const accepted = batch.items.filter((_, index) => !lost.has(index)).map(idOf);
      ids.push(...accepted);
      batches.push(accepted);
      return result;
    },
    ...more,
  };
}

export function idOf({ record }: Item): Json {
  return record['id'] ?? null;
}

export interface Setup {
  readonly input: Input;
  readonly filters?: readonly (Filter & {
    readonly onError?: Plan['filters'][number]['onError'];
  })[];
  readonly outputs: Readonly<
    Record<string, Output & Partial<Pick<Plan['outputs'][number], 'required' | 'when' | 'onError'>>>
  >;
  readonly plan?: Partial<Plan>;
  readonly options?: Partial<RunOptions>;
}

export interface Bench {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly lines: LogLine[];
  readonly saves: Json[];
  readonly letters: DeadLetter[];
}

/** A plan with everything that the test does not care about. */
export function bench({ input, filters = [], outputs, plan = {}, options = {} }: Setup): Bench {
  const lines: LogLine[] = [];
  const saves: Json[] = [];
  const letters: DeadLetter[] = [];
  const log = logTo(lines);
  const store: CheckpointStore = {
    load: () => Promise.resolve(saves.at(-1)),
    save: (checkpoint) => Promise.resolve(void saves.push(checkpoint)),
  };
  const deadLetters = {
    store: (more: readonly DeadLetter[]) => Promise.resolve(void letters.push(...more)),
  };
  return {
    lines,
    saves,
    letters,
    plan: {
      name: 'orders',
      input: { type: 'list', path: 'input', onError: 'fail', log, input },
      filters: filters.map((filter, index) => ({
        type: 'probe',
        path: `filters[${index}]`,
        onError: filter.onError ?? 'fail',
        log,
        filter,
        logged: 'mark',
        failure: 'probe error',
      })),
      outputs: Object.entries(outputs).map(([id, output]) => ({
        type: 'sink',
        path: id,
        id,
        onError: output.onError ?? 'fail',
        required: output.required ?? true,
        ...(output.when === undefined ? {} : { when: output.when }),
        log,
        output,
      })),
      routing: 'all',
      unmatched: 'fail',
      commitPolicy: { mode: 'required' },
      onErrorScope: 'all',
      memory: { maxBytes: 2 ** 26, maxRecordBytes: 2 ** 24 },
      checkpointIntervalMs: 0,
      scope: runScope(),
      ...plan,
    },
    options: {
      run: 'run-1',
      log,
      store,
      ...(plan.deadLetter === undefined ? {} : { deadLetters }),
      ...options,
    },
  };
}

export const deadLetter = { transient: false, maxRate: { ratio: 1, minRecords: 100 } };

/** Limits of a batch in tests: everything off but what is named. */
export function limits(more: Partial<NonNullable<Plan['batch']>>): NonNullable<Plan['batch']> {
  return {
    maxEvents: Infinity,
    maxBytes: Infinity,
    maxMs: Infinity,
    respectSourceTx: true,
    maxInflight: 1,
    ...more,
  };
}
