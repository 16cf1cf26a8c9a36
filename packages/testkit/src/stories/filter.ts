import {
  type Filter,
  type FilterPlugin,
  isFault,
  type Item,
  type JsonRecord,
} from '@cannectors/core';
import { onTestFinished } from 'vitest';
import { missingFrom, textKey } from '../compare.ts';
import { deepFreeze, itemsOf, plain, sharedObjects } from '../deep.ts';
import { fakeContext } from '../fake-context.ts';
import { completeConfig } from '../module-config.ts';
import type { Registry } from '../nested-filters.ts';
import { disturbed, oddRecords } from '../odd-records.ts';
import { runFilter } from '../run-filter.ts';
import type { Subject } from '../subject.ts';

/** A config and records that pass with it: a case or an example. */
export interface Sample {
  readonly title?: string;
  readonly config: JsonRecord;
  readonly given: readonly JsonRecord[];
}

export interface FilterOptions {
  /** Filters that nested steps may name, besides the stand-ins `set`, `drop` and `fail`. */
  readonly filters?: Registry;
  /** Why a record may be left half changed by a fault; the README says so under Limits. */
  readonly leavesHalfChanged?: string;
  /** Makes of the config of an example one that can be run: with the address of a server of the test. */
  readonly exampleConfig?: (config: JsonRecord) => JsonRecord;
}

type Story = (
  subject: Subject<FilterPlugin>,
  sample: Sample,
  options: FilterOptions,
) => Promise<string[]>;

/** What is asked of every filter, by title, with each sample. */
export const filterStories: Readonly<Record<string, Story>> = {
  'keeps nothing of what it returned': keepsNothing,
  'shares no object between records': sharesNothing,
  'makes the same of the same': isRepeatable,
  'survives odd records': survivesOdd,
  'can be closed twice': closesTwice,
};

/** What a filter has returned is no longer its own: frozen, it must not be in the way of the next batch. */
async function keepsNothing(...[subject, sample, options]: Parameters<Story>): Promise<string[]> {
  const filter = await create(subject, sample, options);
  const first = await runFilter(filter, itemsOf(sample.given));
  const before = plain(first).map(textKey);
  for (const item of first) deepFreeze(item.record);
  try {
    await runFilter(filter, itemsOf(sample.given));
  } catch (error) {
    return [`writes to a record of the batch before: ${messageOf(error)}`];
  }
  const isChanged = plain(first).some((record, index) => textKey(record) !== before[index]);
  return isChanged ? ['changes a record of the batch before.'] : [];
}

async function sharesNothing(...[subject, sample, options]: Parameters<Story>): Promise<string[]> {
  const filter = await create(subject, sample, options);
  const first = await runFilter(filter, itemsOf(sample.given));
  const second = await runFilter(filter, itemsOf(sample.given));
  const shared = sharedObjects([...first, ...second].map(({ record }) => record));
  return shared.map((places) => `one object stands in two places: ${places}`);
}

async function isRepeatable(...[subject, sample, options]: Parameters<Story>): Promise<string[]> {
  const once = await runFilter(await create(subject, sample, options), itemsOf(sample.given));
  const again = await runFilter(await create(subject, sample, options), itemsOf(sample.given));
  const isSame = plain(once).map(textKey).join() === plain(again).map(textKey).join();
  return isSame ? [] : ['makes something else of the same records.'];
}

async function survivesOdd(...[subject, sample, options]: Parameters<Story>): Promise<string[]> {
  const filter = await create(subject, sample, options);
  const [first] = sample.given;
  const odd = [...Object.entries(oddRecords), ...(first === undefined ? [] : disturbed(first))];
  const prototype = Object.getOwnPropertyNames(Object.prototype).join();
  const problems: string[] = [];
  for (const [title, record] of odd) {
    const items: Item[] = itemsOf([record]);
    const say = (sentence: string): void => void problems.push(`${title}: ${sentence}`);
    try {
      for (const made of await runFilter(filter, items)) {
        if (!isRecord(made.record)) say('what comes out is no JSON object.');
      }
    } catch (error) {
      if (!isFault(error)) say(`throws no fault but ${messageOf(error)}`);
      const isHalf = missingFrom(plain(items), [record]).length > 0;
      if (isHalf && options.leavesHalfChanged === undefined) {
        say('the fault leaves the record changed. Compute first, write last.');
      }
    }
  }
  if (Object.getOwnPropertyNames(Object.prototype).join() !== prototype) {
    problems.push('Object.prototype has got another property.');
  }
  return problems;
}

async function closesTwice(...[subject, sample, options]: Parameters<Story>): Promise<string[]> {
  const filter = await create(subject, sample, options);
  await filter.close?.();
  await filter.close?.();
  return [];
}

/** Makes the filter of a sample, and closes it when the test is over. */
export async function create(
  ...[subject, { config }, options]: Parameters<Story>
): Promise<Filter> {
  const { plugin, testFolder } = subject;
  const complete = await completeConfig(plugin, config, options.filters);
  const filter = plugin.create(complete as never, fakeContext({ ...options, folder: testFolder }));
  onTestFinished(async () => {
    try {
      await filter.close?.();
    } catch {
      // What `close` does wrong is the matter of a story of its own.
    }
  });
  return filter;
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
}
