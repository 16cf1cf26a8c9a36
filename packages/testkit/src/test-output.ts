import type { JsonRecord, OutputPlugin } from '@cannectors/core';
import { assert, describe, expect, it } from 'vitest';
import { configOf, type OutputDriver } from './drivers.ts';
import { askEveryPlugin, handlesOfCreate, refusalProblems } from './every-plugin.ts';
import { fakeContext } from './fake-context.ts';
import { examplesIn } from './plugin-examples.ts';
import { outputStories, writeAll } from './stories/output.ts';
import { type Subject, subjectOf } from './subject.ts';

/**
 * Registers the conformance suite of an output, then its examples.
 *
 * @param testUrl `import.meta.url` of the test file; the package is found from it
 */
export function testOutput<Config>(
  plugin: OutputPlugin<Config>,
  testUrl: string,
  driver: OutputDriver,
): void {
  const subject: Subject<OutputPlugin> = subjectOf(plugin as OutputPlugin, testUrl);
  const context = () => fakeContext({ folder: subject.testFolder });

  describe(`output ${String(subject.manifest.cannectors?.type)}`, () => {
    askEveryPlugin(subject);

    it('opens nothing when it is created', async () => {
      await driver.arrange();
      expect(await handlesOfCreate(subject, configOf(driver), context())).toEqual([]);
    });

    it.each(Object.entries(outputStories(driver)))('%s', async (_title, story) => {
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
        const destination = await driver.example(example);
        await writeAll(subject, destination.config, example.given as unknown as JsonRecord[]);
        expect(await destination.observe()).toStrictEqual(example.then);
      });
    }
  });
}
