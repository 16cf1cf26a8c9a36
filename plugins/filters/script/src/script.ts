import {
  type Context,
  type EachFilter,
  type Fault,
  isFault,
  type Item,
  type JsonRecord,
} from '@cannectors/core';
import {
  limitsOf,
  type RecordSandbox,
  recordSandbox,
  recordText,
  scriptSource,
} from '@cannectors/kit-script';
import type { Config } from './config.ts';

/** Records that are in the sandbox or on their way: two frames, so that one is carried while one runs. */
const concurrency = 2000;
const frame = { records: 1000, characters: 1024 * 1024 };

export function script(
  { script: text, scriptFile: file, limits }: Config,
  context: Pick<Context, 'file' | 'log'>,
): EachFilter {
  const { log } = context;
  const source = scriptSource({ text, file, key: 'script' }, 'record', context);
  const sandbox = recordSandbox({ script: source, limits: limitsOf(limits), log });
  const gather = gatherer(sandbox);

  return {
    // The kernel asks for many records before it waits; those of one turn travel together.
    concurrency,
    each: (item, signal, index) => gather(item, signal, index),
    close: () => sandbox.close(),
  };
}

interface Waiting {
  readonly item: Item;
  readonly text: string;
  readonly isExact: boolean;
  readonly index: number;
  readonly resolve: (item: Item) => void;
  readonly reject: (fault: unknown) => void;
}

function gatherer(sandbox: RecordSandbox) {
  let waiting: Waiting[] = [];
  let run: AbortSignal | undefined;
  let life = 0;

  const flush = (): void => {
    for (const part of framesOf(waiting)) void carry(part, run as AbortSignal, life);
    waiting = [];
  };

  const carry = async (
    part: readonly Waiting[],
    signal: AbortSignal,
    life: number,
  ): Promise<void> => {
    const settled = (position: number, outcome: JsonRecord | Fault): void => {
      const { item, resolve, reject } = part[position] as Waiting;
      if (isFault(outcome)) return reject(outcome);
      item.record = outcome;
      resolve(item);
    };
    const texts = part.map(({ text }) => text);
    const isExact = part.some((one) => one.isExact);
    const indexes = part.map(({ index }) => index);
    try {
      await sandbox.run({ texts, isExact, indexes, life, signal, settled });
    } catch (fault) {
      // Those that are settled already don't mind.
      for (const { reject } of part) reject(fault);
    }
  };

  return (item: Item, signal: AbortSignal, index: number): Promise<Item> => {
    // Every run has a signal of its own: a script starts fresh with each.
    if (signal !== run) {
      run = signal;
      life += 1;
    }
    const { promise, resolve, reject } = Promise.withResolvers<Item>();
    if (waiting.length === 0) queueMicrotask(flush);
    waiting.push({ item, ...recordText(item.record), index, resolve, reject });
    return promise;
  };
}

function framesOf(waiting: readonly Waiting[]): Waiting[][] {
  const frames: Waiting[][] = [];
  let characters = frame.characters;
  for (const one of waiting) {
    const last = frames.at(-1);
    if (last === undefined || last.length >= frame.records || characters >= frame.characters) {
      frames.push([one]);
      characters = 0;
    } else last.push(one);
    characters += one.text.length;
  }
  return frames;
}
