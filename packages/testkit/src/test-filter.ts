import { type FilterPlugin, type JsonRecord } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import type { Cases, FilterCase } from './cases.ts';
import { itemsOf, plain } from './deep.ts';
import { askEveryPlugin, handlesOfCreate, refusalProblems } from './every-plugin.ts';
import { fakeContext } from './fake-context.ts';
import { examplesIn } from './plugin-examples.ts';
import { runFilter } from './run-filter.ts';
import { create, type FilterOptions, filterStories, type Sample } from './stories/filter.ts';
import { type Subject, subjectOf } from './subject.ts';

/**
 * Registers the conformance suite of a filter, then its examples and the given cases.
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
  const examples = examplesIn(subject.folder);
  const { exampleConfig = (config: JsonRecord) => config } = options;
  const samples = (): Sample[] => [
    ...examples.map(({ title, config, given }) => ({
      title,
      config: exampleConfig(config),
      given: given as unknown as JsonRecord[],
    })),
    ...Object.entries(cases).flatMap(([title, story]) =>
      'then' in story ? [{ title, config: configOf(story), given: story.given }] : [],
    ),
  ];

  describe(`filter ${String(subject.manifest.cannectors?.type)}`, () => {
    askEveryPlugin(subject);

    it('opens nothing when it is created', async () => {
      const context = fakeContext({ ...options, folder: subject.testFolder });
      const problems: string[] = [];
      for (const { config } of samples()) {
        problems.push(...(await handlesOfCreate(subject, config, context, options.filters)));
      }
      expect(problems).toEqual([]);
    });

    it.each(Object.entries(filterStories))('%s', async (_title, story) => {
      const problems: string[] = [];
      for (const sample of samples()) {
        const found = await story(subject, sample, options);
        problems.push(...found.map((sentence) => `${sample.title ?? ''}: ${sentence}`));
      }
      expect(problems).toEqual([]);
    });

    for (const { file, title, config, given, then } of examples) {
      it(`example ${file}: ${title}`, () =>
        tell(
          subject,
          { config: () => exampleConfig(config), given, then } as unknown as FilterCase,
          options,
        ));
    }
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
  if ('refuses' in story) {
    const context = fakeContext({ ...options, folder: subject.testFolder });
    expect(await refusalProblems(subject, story, context, options.filters)).toEqual([]);
    return;
  }
  const sample = { config: configOf(story), given: story.given };
  const filter = await create(subject, sample, options);
  try {
    const run = runFilter(filter, itemsOf(story.given));
    if ('fails' in story) await expect(run).rejects.toMatchObject(story.fails);
    else expect(plain(await run)).toStrictEqual(story.then);
  } finally {
    await filter.close?.();
  }
}

function configOf({ config = {} }: FilterCase): JsonRecord {
  return typeof config === 'function' ? config() : config;
}
