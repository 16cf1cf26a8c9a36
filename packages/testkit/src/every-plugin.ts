import { type Context, isFault, type JsonRecord } from '@cannectors/core';
import { expect, it } from 'vitest';
import type { Refuses } from './cases.ts';
import { faultProblems } from './checks/fault-entries.ts';
import { leadsSomewhere } from './checks/fields.ts';
import { freshProblems } from './checks/fresh.ts';
import { handlesOpenedBy } from './checks/handles.ts';
import { manifestProblems } from './checks/manifest.ts';
import { nameProblems } from './checks/names.ts';
import { readmeProblems } from './checks/readme.ts';
import { schemaProblems } from './checks/schema.ts';
import { completed } from './completed.ts';
import { examplesIn } from './plugin-examples.ts';
import { schemaOf, type Subject } from './subject.ts';

type Check = (subject: Subject) => string[] | Promise<string[]>;

/** What is asked of every plugin, by title. Each gives the sentences of what is wrong. */
export const pluginChecks: Readonly<Record<string, Check>> = {
  'has a manifest that agrees with the code': manifestProblems,
  'has a schema that is fresh': freshProblems,
  'refuses unknown keys and describes every field': schemaProblems,
  'names its keys as the other plugins do': nameProblems,
  'has a README with our headings in our order': readmeProblems,
  'lists its faults': faultProblems,
  'has an example': ({ folder }) => (examplesIn(folder).length > 0 ? [] : ['There is no example.']),
};

/** Registers the checks of every plugin. */
export function askEveryPlugin(subject: Subject): void {
  for (const [title, check] of Object.entries(pluginChecks)) {
    it(title, async () => {
      expect(await check(subject)).toEqual([]);
    });
  }
}

/** What `create` leaves open, if anything; it opens nothing. */
export function handlesOfCreate(subject: Subject, config: JsonRecord, context: Context): string[] {
  const complete = completed(schemaOf(subject), config);
  return handlesOpenedBy(() => void subject.plugin.create(complete as never, context)).map(
    (name) => `\`create\` opens a handle: ${name}.`,
  );
}

/** What is wrong with how a config is refused. */
export function refusalProblems(subject: Subject, story: Refuses, context: Context): string[] {
  const { code, pointer } = story.refuses;
  try {
    subject.plugin.create(completed(schemaOf(subject), story.config ?? {}) as never, context);
  } catch (error) {
    if (!isFault(error)) throw error;
    if (error.code !== code) {
      return [`The config is refused with \`${error.code}\`: ${error.message}`];
    }
    if (error.pointer !== pointer) return [`The fault points to \`${String(error.pointer)}\`.`];
    return leadsSomewhere(schemaOf(subject), pointer) ? [] : [`${pointer} leads nowhere.`];
  }
  return [`The config is taken; expected \`${code}\`.`];
}
