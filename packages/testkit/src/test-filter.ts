import { type FilterPlugin, isFault } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import type { Cases, FilterCase, Refuses } from './cases.ts';
import { itemsOf, plain } from './deep.ts';
import { fakeContext } from './fake-context.ts';
import type { Registry } from './nested-filters.ts';
import { createFilter, runFilter } from './run-filter.ts';
import { type Subject, subjectOf } from './subject.ts';

export interface FilterOptions {
  /** Filters that nested steps may name, besides the stand-ins `set`, `drop` and `fail`. */
  readonly filters?: Registry;
}

/**
 * Registers the conformance suite of a filter, then the given cases.
 *
 * @param testUrl `import.meta.url` of the test file; the package is found from it
 */
export function testFilter<Config>(
  plugin: FilterPlugin<Config>,
  testUrl: string,
  cases: Cases<FilterCase>,
  options: FilterOptions = {},
): void {
  const subject = subjectOf(plugin as FilterPlugin, testUrl);
  describe(`filter ${String(subject.manifest.cannectors?.type)}`, () => {
    for (const [title, story] of Object.entries(cases)) {
      it(title, () => tell(subject, story, options));
    }
  });
}

async function tell(
  subject: Subject<FilterPlugin>,
  story: FilterCase,
  options: FilterOptions,
): Promise<void> {
  if ('refuses' in story) return refuse(subject, story, options);
  const context = fakeContext({ ...options, folder: subject.testFolder });
  const filter = createFilter(subject.plugin, story.config ?? {}, context);
  const run = runFilter(filter, itemsOf(story.given));
  if ('fails' in story) {
    await expect(run).rejects.toMatchObject(story.fails);
  } else {
    expect(plain(await run)).toStrictEqual(story.then);
  }
}

function refuse(subject: Subject<FilterPlugin>, story: Refuses, options: FilterOptions): void {
  const context = fakeContext({ ...options, folder: subject.testFolder });
  try {
    createFilter(subject.plugin, story.config ?? {}, context);
  } catch (error) {
    if (!isFault(error)) throw error;
    expect({ code: error.code, pointer: error.pointer }).toStrictEqual(story.refuses);
    return;
  }
  expect.fail(`The config is taken; expected \`${story.refuses.code}\`.`);
}
