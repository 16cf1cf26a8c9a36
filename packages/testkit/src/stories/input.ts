import type { Chunk, Input, InputPlugin, Json, JsonRecord, Outcome } from '@cannectors/core';
import { difference, missingFrom, textKey } from '../compare.ts';
import { plain } from '../deep.ts';
import { arriving, configOf, type InputDriver, recordsOf } from '../drivers.ts';
import { fakeContext } from '../fake-context.ts';
import { completeConfig } from '../module-config.ts';
import type { Subject } from '../subject.ts';
import { soonMs, within } from '../within.ts';

type Story = (subject: Subject<InputPlugin>, driver: InputDriver) => Promise<string[]>;

/**
 * What is asked of an input, by title; what needs a power of the driver is asked if it has it. Each
 * gives the sentences of what went wrong.
 */
export function inputStories(driver: InputDriver): Readonly<Record<string, Story>> {
  return {
    'reads every record, in order': readsAll,
    'is interruptible': isInterruptible,
    ...(driver.stall && { 'is interruptible while it waits': isInterruptibleWaiting }),
    ...(driver.cannotResume === undefined && {
      'resumes from every chunk boundary without losing a record': resumes,
      'reads after the last checkpoint what came later': readsLater,
    }),
    'yields nothing after close': yieldsNothingAfterClose,
    'ends quietly when the source is empty': endsQuietly,
    'can be closed twice, and without having been opened': closesTwice,
  };
}

async function readsAll(subject: Subject<InputPlugin>, driver: InputDriver): Promise<string[]> {
  const records = recordsOf(driver);
  const { chunks } = await read(subject, driver, records);
  const wanted = arriving(driver, records);
  const problem = difference('What was read', recordsIn(chunks), wanted);
  const left = (await driver.observe?.()) ?? 0;
  const problems = problem === undefined ? [] : [problem];
  if (left > 0) problems.push(`${left} connections or files are open after \`close\`.`);
  return problems;
}

async function isInterruptible(
  subject: Subject<InputPlugin>,
  driver: InputDriver,
): Promise<string[]> {
  const records = recordsOf(driver);
  const abort = new AbortController();
  const ended = read(subject, driver, records, {
    signal: abort.signal,
    onChunk: () => abort.abort(new Error('the test has seen enough')),
  }).catch(() => undefined);
  const isLate = (await within(ended, 'late')) === 'late';
  return isLate ? [`\`read\` goes on ${soonMs} ms after the signal was aborted.`] : [];
}

async function isInterruptibleWaiting(
  subject: Subject<InputPlugin>,
  driver: InputDriver,
): Promise<string[]> {
  const reached = driver.stall?.().reached ?? Promise.resolve();
  const abort = new AbortController();
  const ended = read(subject, driver, [], { signal: abort.signal }).catch(() => undefined);
  await within(reached, undefined);
  abort.abort(new Error('the test has seen enough'));
  const isLate = (await within(ended, 'late')) === 'late';
  return isLate ? [`\`read\` waits on, ${soonMs} ms after the signal was aborted.`] : [];
}

async function resumes(subject: Subject<InputPlugin>, driver: InputDriver): Promise<string[]> {
  const records = recordsOf(driver);
  const { chunks } = await read(subject, driver, records);
  if (chunks.every((chunk) => chunk.checkpoint === undefined)) {
    return ['No chunk has a checkpoint. Give a config that keeps one, or say `cannotResume`.'];
  }
  const problems: string[] = [];
  const wanted = arriving(driver, records);
  let delivered = 0;
  for (const [index, { items, checkpoint }] of chunks.entries()) {
    delivered += items.length;
    if (checkpoint === undefined) continue;
    const problem = checkpointProblem(checkpoint);
    if (problem !== undefined) problems.push(`The checkpoint of chunk ${index} ${problem}.`);
    const rest = wanted.slice(delivered);
    const again = await read(subject, driver, records, {
      checkpoint: asSaved(checkpoint),
      count: rest.length,
    });
    const lost = missingFrom(recordsIn(again.chunks), rest);
    if (lost.length > 0) {
      problems.push(
        `After chunk ${index} (${textKey(checkpoint)}) ${lost.length} records are lost, the first is ${textKey(lost[0] ?? null)}.`,
      );
    }
  }
  return problems;
}

async function readsLater(subject: Subject<InputPlugin>, driver: InputDriver): Promise<string[]> {
  const records = recordsOf(driver);
  const half = Math.ceil(records.length / 2);
  const first = await read(subject, driver, records.slice(0, half));
  const checkpoint = first.chunks.findLast((chunk) => chunk.checkpoint !== undefined)?.checkpoint;
  if (checkpoint === undefined) return ['No chunk has a checkpoint.'];

  const later = arriving(driver, records).slice(half);
  const second = await read(subject, driver, records, {
    checkpoint: asSaved(checkpoint),
    count: later.length,
  });
  const lost = missingFrom(recordsIn(second.chunks), later);
  return lost.length === 0
    ? []
    : [`${lost.length} records that came after ${textKey(checkpoint)} are not read.`];
}

async function yieldsNothingAfterClose(
  subject: Subject<InputPlugin>,
  driver: InputDriver,
): Promise<string[]> {
  if (driver.endless !== true) await driver.arrange(recordsOf(driver));
  const input = await create(subject, driver);
  const { signal } = new AbortController();
  await input.open?.(signal);
  const reading = input.read({ signal })[Symbol.asyncIterator]();
  const first = reading.next();
  if (driver.endless === true) await driver.arrange(recordsOf(driver));
  await first;
  await input.close?.();
  const next = await within(
    reading.next().catch(() => ({ done: true as const, value: undefined })),
    'late' as const,
  );
  if (next === 'late') return [`\`read\` neither ends nor yields ${soonMs} ms after \`close\`.`];
  const isItems = next.done !== true && next.value.items.length > 0;
  return isItems ? ['`read` yields records after `close`.'] : [];
}

async function endsQuietly(subject: Subject<InputPlugin>, driver: InputDriver): Promise<string[]> {
  const ended = read(subject, driver, [], { count: 0 });
  const result = await within(ended, 'late' as const);
  if (result === 'late') return [`\`read\` of an empty source does not end in ${soonMs} ms.`];
  const found = recordsIn(result.chunks);
  return found.length === 0 ? [] : [`An empty source gave ${textKey(found[0] ?? null)}.`];
}

async function closesTwice(subject: Subject<InputPlugin>, driver: InputDriver): Promise<string[]> {
  if (driver.endless !== true) await driver.arrange([]);
  const input = await create(subject, driver);
  await input.close?.();
  await input.close?.();
  return [];
}

interface Reading {
  readonly chunks: readonly Chunk[];
}

interface ReadOptions {
  readonly checkpoint?: Json;
  readonly signal?: AbortSignal;
  /** Of an endless input: how many records end the reading. Default: all. */
  readonly count?: number;
  readonly onChunk?: () => void;
}

/** Reads a source to its end, as the kernel would; an endless one until enough records came. */
async function read(
  subject: Subject<InputPlugin>,
  driver: InputDriver,
  records: readonly JsonRecord[],
  { checkpoint, signal: given, count = records.length, onChunk }: ReadOptions = {},
): Promise<Reading> {
  if (driver.endless !== true) await driver.arrange(records);
  const input = await create(subject, driver);
  const enough = new AbortController();
  const signal = given === undefined ? enough.signal : AbortSignal.any([enough.signal, given]);
  const chunks: Chunk[] = [];
  const stopWhenEnough = (): void => {
    if (driver.endless === true && recordsIn(chunks).length >= count) enough.abort();
  };
  const consume = async (): Promise<void> => {
    for await (const chunk of input.read({
      signal,
      ...(checkpoint !== undefined && { checkpoint }),
    })) {
      chunks.push(chunk);
      chunk.settled?.({ delivered: true, counts: allWritten(chunk) });
      onChunk?.();
      stopWhenEnough();
    }
  };

  try {
    await input.open?.(signal);
    const done = consume().catch((error: unknown) => {
      if (!enough.signal.aborted) throw error;
    });
    if (driver.endless === true) await driver.arrange(records);
    stopWhenEnough();
    await done;
  } finally {
    await input.close?.();
  }
  return { chunks };
}

/** Reads everything that an input with this config gives; it has to end by itself. */
export async function readAll(subject: Subject<InputPlugin>, config: JsonRecord): Promise<Chunk[]> {
  const { signal } = new AbortController();
  const input = await createWith(subject, config);
  try {
    await input.open?.(signal);
    return await Array.fromAsync(input.read({ signal }));
  } finally {
    await input.close?.();
  }
}

async function create(subject: Subject<InputPlugin>, driver: InputDriver): Promise<Input> {
  return await createWith(subject, configOf(driver));
}

async function createWith(
  { plugin, testFolder }: Subject<InputPlugin>,
  config: JsonRecord,
): Promise<Input> {
  const complete = await completeConfig(plugin, config);
  return plugin.create(complete as never, fakeContext({ folder: testFolder }));
}

function recordsIn(chunks: readonly Chunk[]): JsonRecord[] {
  return chunks.flatMap((chunk) => plain(chunk.items));
}

function allWritten({ items }: Chunk): Outcome['counts'] {
  return { written: items.length, dropped: 0, failed: 0, deadLettered: 0 };
}

/** A state file holds a JSON object, and nothing that JSON does not have. */
function checkpointProblem(checkpoint: Json): string | undefined {
  if (!isJson(checkpoint)) return 'is not plain JSON';
  const isObject = typeof checkpoint === 'object' && checkpoint !== null;
  return isObject && !Array.isArray(checkpoint)
    ? undefined
    : 'is no JSON object, which is what a state file holds';
}

/** What comes back from the state file: whole numbers beyond 2^53 are texts there. */
function asSaved(checkpoint: Json): Json {
  const text = JSON.stringify(checkpoint, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return JSON.parse(text) as Json;
}

function isJson(value: unknown): boolean {
  if (value === null || ['string', 'boolean', 'bigint'].includes(typeof value)) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  const isPlain = typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && Object.values(value).every(isJson);
}
