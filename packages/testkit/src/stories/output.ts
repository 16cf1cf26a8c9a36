import { inspect } from 'node:util';
import {
  isFault,
  type Item,
  type JsonRecord,
  type Output,
  type OutputPlugin,
  type WriteResult,
} from '@cannectors/core';
import { sectionOf } from '../checks/readme.ts';
import { difference, missingFrom, textKey } from '../compare.ts';
import { deepFreeze, itemsOf } from '../deep.ts';
import { arriving, configOf, type OutputDriver, recordsOf } from '../drivers.ts';
import { fakeContext } from '../fake-context.ts';
import { completeConfig } from '../module-config.ts';
import { type Subject, textIn } from '../subject.ts';
import { soonMs, within } from '../within.ts';

type Story = (subject: Subject<OutputPlugin>, driver: OutputDriver) => Promise<string[]>;

/**
 * What is asked of an output, by title; what needs a power of the driver is asked if it has it. Each
 * gives the sentences of what went wrong.
 */
export function outputStories(driver: OutputDriver): Readonly<Record<string, Story>> {
  return {
    'delivers every record, in order, and changes none': deliversAll,
    'sends nothing for an empty batch': sendsNothing,
    ...(driver.refuse && {
      'names the records that the destination refused': (subject) =>
        namesRefused(subject, driver, false),
      'names those it left out after the first refusal': (subject) =>
        namesRefused(subject, driver, true),
    }),
    ...(driver.fail && { 'can repeat a batch after a fault': repeats }),
    'previews without touching anything': previews,
    'writes nothing once it is aborted': abortsBefore,
    ...(driver.stall && { 'stops a write that is aborted': abortsDuring }),
    'can be closed twice, and without having been opened': closesTwice,
  };
}

async function deliversAll(
  subject: Subject<OutputPlugin>,
  driver: OutputDriver,
): Promise<string[]> {
  const records = recordsOf(driver);
  const half = Math.ceil(records.length / 2);
  const problems: string[] = [];
  await driver.arrange();
  await using(await create(subject, driver), async (output, signal) => {
    for (const [seq, part] of [records.slice(0, half), records.slice(half)].entries()) {
      const result = await output.write(batchOf(part, { seq }), signal);
      problems.push(...outcomeProblems(result, part.length));
    }
    await output.flush?.(signal);
  });
  const found = await driver.observe();
  const problem = difference('What arrived', found, arriving(driver, records));
  return problem === undefined ? problems : [...problems, problem];
}

async function sendsNothing(
  subject: Subject<OutputPlugin>,
  driver: OutputDriver,
): Promise<string[]> {
  await driver.arrange();
  await using(await create(subject, driver), async (output, signal) => {
    await output.write(batchOf([]), signal);
    await output.flush?.(signal);
  });
  const found = await driver.observe();
  return found.length === 0 ? [] : [`An empty batch became ${textKey(found[0] ?? null)}.`];
}

async function namesRefused(
  subject: Subject<OutputPlugin>,
  driver: OutputDriver,
  failFast: boolean,
): Promise<string[]> {
  const records = recordsOf(driver);
  const bad = Math.floor(records.length / 2);
  await driver.arrange();
  await driver.refuse?.(records[bad] ?? {});
  const outcome = await using(await create(subject, driver), async (output, signal) => {
    const result = await attempt(output.write(batchOf(records, { failFast }), signal));
    if (result.fault === undefined) await output.flush?.(signal);
    return result;
  });

  const found = await driver.observe();
  if (outcome.fault !== undefined) {
    // A throw says that nothing is known to be delivered, so it may only stand for nothing.
    if (found.length === 0) return [];
    return [
      `\`write\` threw, though ${found.length} records had arrived: it must name the others.`,
    ];
  }
  const { rejected = [], unsent = [] } = outcome.result ?? {};
  const named = new Set([...rejected.map(({ index }) => index), ...unsent]);
  const problems = outcomeProblems(outcome.result, records.length);
  if (!rejected.some(({ index }) => index === bad)) {
    problems.push(`The refused record, index ${bad}, is not among the rejected.`);
  }
  const taken = records.filter((_, index) => !named.has(index));
  const problem = difference('Of the records not named', found, arriving(driver, taken));
  return problem === undefined ? problems : [...problems, problem];
}

async function repeats(subject: Subject<OutputPlugin>, driver: OutputDriver): Promise<string[]> {
  const records = recordsOf(driver);
  await driver.arrange();
  await driver.fail?.();
  const problems: string[] = [];
  await using(await create(subject, driver), async (output, signal) => {
    const first = await attempt(output.write(batchOf(records), signal));
    const { rejected = [], unsent = [] } = first.result ?? {};
    const open = [...rejected.map(({ index }) => index), ...unsent].toSorted((a, b) => a - b);
    if (first.fault === undefined && open.length === 0) {
      problems.push('The destination failed, and `write` says that it took everything.');
    }
    const again = first.fault === undefined ? open.map((index) => records[index] ?? {}) : records;
    const second = await attempt(output.write(batchOf(again, { attempt: 2 }), signal));
    if (second.fault !== undefined) {
      problems.push(`The second attempt fails too: ${inspect(second.fault)}`);
    }
    await output.flush?.(signal);
  });
  const found = await driver.observe();
  const wanted = arriving(driver, records);
  const lost = missingFrom(found, wanted);
  const twice = missingFrom(wanted, found);
  if (lost.length > 0) problems.push(`After the repeat ${lost.length} records are missing.`);
  const delivery = sectionOf(textIn(subject, 'README.md') ?? '', 'Delivery');
  if (twice.length > 0 && !/twice|again|duplicate|repeat/i.test(delivery)) {
    problems.push(`${twice.length} records arrived twice; the README says so under Delivery.`);
  }
  return problems;
}

async function previews(subject: Subject<OutputPlugin>, driver: OutputDriver): Promise<string[]> {
  const records = recordsOf(driver);
  await driver.arrange();
  const output = await create(subject, driver);
  if (output.preview === undefined) return [];
  const shown = await output.preview(batchOf(records), { showCredentials: false });
  await output.close?.();
  const problems: string[] = [];
  const found = await driver.observe();
  if (found.length > 0) problems.push(`\`preview\` has delivered ${found.length} records.`);
  if (shown.length === 0) problems.push('`preview` shows nothing for a batch of records.');
  if (shown.some(({ title }) => title === '')) problems.push('A preview has no title.');
  return problems;
}

async function abortsBefore(
  subject: Subject<OutputPlugin>,
  driver: OutputDriver,
): Promise<string[]> {
  const records = recordsOf(driver);
  await driver.arrange();
  const outcome = await using(await create(subject, driver), (output) => {
    const aborted = AbortSignal.abort(new Error('the test aborts'));
    return within(attempt(output.write(batchOf(records), aborted)), 'late' as const);
  });
  if (outcome === 'late') return [`An aborted \`write\` takes longer than ${soonMs} ms.`];
  const found = await driver.observe();
  if (found.length > 0) return [`An aborted \`write\` has delivered ${found.length} records.`];
  const { rejected = [], unsent = [] } = outcome.result ?? {};
  const isSaid = outcome.fault !== undefined || rejected.length + unsent.length === records.length;
  return isSaid ? [] : ['An aborted `write` says that it took everything.'];
}

async function abortsDuring(
  subject: Subject<OutputPlugin>,
  driver: OutputDriver,
): Promise<string[]> {
  const records = recordsOf(driver);
  await driver.arrange();
  const reached = driver.stall?.().reached ?? Promise.resolve();
  const abort = new AbortController();
  const outcome = await using(await create(subject, driver), async (output) => {
    const writing = attempt(output.write(batchOf(records), abort.signal));
    await within(reached, undefined);
    abort.abort(new Error('the test aborts'));
    return within(writing, 'late' as const);
  });
  if (outcome === 'late') return [`\`write\` goes on ${soonMs} ms after the signal was aborted.`];
  const { rejected = [], unsent = [] } = outcome.result ?? {};
  const isSaid = outcome.fault !== undefined || rejected.length + unsent.length > 0;
  return isSaid ? [] : ['An aborted `write` says that it took everything.'];
}

async function closesTwice(
  subject: Subject<OutputPlugin>,
  driver: OutputDriver,
): Promise<string[]> {
  await driver.arrange();
  const output = await create(subject, driver);
  await output.close?.();
  await output.close?.();
  return [];
}

/** Opens an output, lends it, and closes it whatever happens. */
async function using<T>(
  output: Output,
  task: (output: Output, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal } = new AbortController();
  try {
    await output.open?.(signal);
    return await task(output, signal);
  } finally {
    await output.close?.();
  }
}

/** Delivers records as one batch with this config. */
export async function writeAll(
  subject: Subject<OutputPlugin>,
  config: JsonRecord,
  records: readonly JsonRecord[],
): Promise<void> {
  await using(await createWith(subject, config), async (output, signal) => {
    await output.write(batchOf(records), signal);
    await output.flush?.(signal);
  });
}

async function create(subject: Subject<OutputPlugin>, driver: OutputDriver): Promise<Output> {
  return await createWith(subject, configOf(driver));
}

async function createWith(
  { plugin, testFolder }: Subject<OutputPlugin>,
  config: JsonRecord,
): Promise<Output> {
  const complete = await completeConfig(plugin, config);
  // One attempt each: the stories are about what `write` says of it.
  return plugin.create(complete as never, fakeContext({ folder: testFolder, maxRetries: 0 }));
}

/** A batch whose items throw when they are written to. */
function batchOf(
  records: readonly JsonRecord[],
  options: { seq?: number; attempt?: number; failFast?: boolean } = {},
): { items: readonly Item[]; seq: number; attempt: number; failFast: boolean } {
  return { items: deepFreeze(itemsOf(records)), seq: 0, attempt: 1, failFast: false, ...options };
}

interface Outcome {
  readonly result?: WriteResult | undefined;
  readonly fault?: unknown;
}

async function attempt(writing: Promise<void | WriteResult>): Promise<Outcome> {
  try {
    return { result: (await writing) ?? undefined };
  } catch (fault) {
    return { fault };
  }
}

/** Rejections name each record once, by an index of the batch, and with a fault. */
function outcomeProblems(result: WriteResult | void | undefined, size: number): string[] {
  const { rejected = [], unsent = [] } = result ?? {};
  const named = [...rejected.map(({ index }) => index), ...unsent];
  const problems: string[] = [];
  if (new Set(named).size < named.length) problems.push('A record is named twice in the result.');
  if (named.some((index) => !Number.isInteger(index) || index < 0 || index >= size)) {
    problems.push('The result names an index that the batch does not have.');
  }
  if (rejected.some(({ fault }) => !isFault(fault))) problems.push('A rejection has no fault.');
  return problems;
}
