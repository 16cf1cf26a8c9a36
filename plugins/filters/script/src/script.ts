import {
  type BatchFilter,
  type Context,
  type Fault,
  isFault,
  type Item,
  type JsonRecord,
  type Refuse,
} from '@cannectors/core';
import {
  limitsOf,
  type RecordSandbox,
  recordSandbox,
  recordText,
  scriptSource,
} from '@cannectors/kit-script';
import type { Config } from './config.ts';

/** Records that travel together. */
const frame = { records: 1000, characters: 1024 * 1024 };

export function script(
  { script: text, scriptFile: file, limits }: Config,
  context: Pick<Context, 'file' | 'log' | 'nested'>,
): BatchFilter {
  const { log, nested = false } = context;
  const source = scriptSource({ text, file, key: 'script' }, 'record', context);
  const sandbox = recordSandbox({ script: source, limits: limitsOf(limits), log });
  let run: AbortSignal | undefined;
  let life = 0;

  return {
    open: (signal) => sandbox.open(life, signal),
    batch(items, signal, refuse) {
      // Every run has a signal of its own. A script starts fresh with each run, and in a nested chain with
      // each record; `open` did it for the first.
      if (run !== undefined && (nested || signal !== run)) life += 1;
      run = signal;
      return transformed({ items, signal, refuse, sandbox, life });
    },
    close: () => sandbox.close(),
  };
}

interface Work {
  readonly items: readonly Item[];
  readonly signal: AbortSignal;
  readonly refuse: Refuse;
  readonly sandbox: RecordSandbox;
  readonly life: number;
}

async function transformed({ items, signal, refuse, sandbox, life }: Work): Promise<Item[]> {
  const out: Item[] = [];
  const stop = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    stop.abort(error);
  };

  const settle = (index: number, outcome: JsonRecord | Fault): void => {
    if (failure !== undefined) return;
    const item = items[index] as Item;
    try {
      if (!isFault(outcome)) item.record = outcome;
      else if (!refuse(index, outcome)) return;
      out.push(item);
    } catch (error) {
      fail(error);
    }
  };

  const carry = async ({ from, texts, isExact }: Frame): Promise<void> => {
    try {
      await sandbox.run({
        texts,
        isExact,
        indexes: texts.map((_, position) => from + position),
        life,
        signal: AbortSignal.any([signal, stop.signal]),
        settled: (position, outcome) => settle(from + position, outcome),
      });
    } catch (error) {
      fail(error);
    }
  };

  // Two are under way, so that one is carried over while the other runs.
  let ahead: Promise<void> | undefined;
  for (const next of framesOf(items)) {
    const behind = carry(next);
    await ahead;
    ahead = behind;
    if (failure !== undefined) break;
  }
  await ahead;
  if (failure !== undefined) throw failure.error;
  return out;
}

interface Frame {
  /** Index of the first record. */
  readonly from: number;
  readonly texts: string[];
  isExact: boolean;
}

function* framesOf(items: readonly Item[]): Generator<Frame> {
  let made: Frame = { from: 0, texts: [], isExact: false };
  let characters = 0;
  for (const [index, { record }] of items.entries()) {
    const { text, isExact } = recordText(record);
    made.texts.push(text);
    made.isExact ||= isExact;
    characters += text.length;
    if (made.texts.length < frame.records && characters < frame.characters) continue;
    yield made;
    made = { from: index + 1, texts: [], isExact: false };
    characters = 0;
  }
  if (made.texts.length > 0) yield made;
}
