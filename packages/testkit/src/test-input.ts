import type { InputPlugin, JsonRecord } from '@cannectors/core';
import { assert, describe, expect, it } from 'vitest';
import { plain } from './deep.ts';
import { configOf, type InputDriver } from './drivers.ts';
import { askEveryPlugin, handlesOfCreate, refusalProblems } from './every-plugin.ts';
import { fakeContext } from './fake-context.ts';
import { examplesIn } from './plugin-examples.ts';
import { inputStories, readAll } from './stories/input.ts';
import { type Subject, subjectOf } from './subject.ts';

/**
 * Registers the conformance suite of an input, then its examples.
 *
 * @param testUrl `import.meta.url` of the test file; the package is found from it
 */
export function testInput<Config>(
  plugin: InputPlugin<Config>,
  testUrl: string,
  driver: InputDriver,
): void {
  const subject: Subject<InputPlugin> = subjectOf(plugin as InputPlugin, testUrl);
  const context = () => fakeContext({ folder: subject.testFolder });

  describe(`input ${String(subject.manifest.cannectors?.type)}`, () => {
    askEveryPlugin(subject);

    it('opens nothing when it is created', async () => {
      if (driver.endless !== true) await driver.arrange([]);
      expect(await handlesOfCreate(subject, configOf(driver), context())).toEqual([]);
    });

    it.each(Object.entries(inputStories(driver)))('%s', async (_title, story) => {
      expect(await story(subject, driver)).toEqual([]);
    });

    it.each(Object.entries(driver.refuses ?? {}))('%s', async (_title, story) => {
      expect(await refusalProblems(subject, story, context())).toEqual([]);
    });

    for (const example of examplesIn(subject.folder)) {
      it(`example ${example.file}: ${example.title}`, async () => {
        expect(await handlesOfCreate(subject, example.config, context())).toEqual([]);
        if (example.then === undefined) return;
        assert(driver.example !== undefined, 'The driver has no `example`, which runs one.');
        const { config } = await driver.example(example);
        const chunks = await readAll(subject, config);
        expect(chunks.flatMap(({ items }): JsonRecord[] => plain(items))).toStrictEqual(
          example.then,
        );
      });
    }
  });
}
