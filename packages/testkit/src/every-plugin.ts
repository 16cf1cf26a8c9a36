import { type Context, isFault, type JsonRecord, type Plugin } from '@cannectors/core';
import { expect, it } from 'vitest';
import type { Refuses } from './cases.ts';
import { faultProblems } from './checks/fault-entries.ts';
import { leadsSomewhere } from './checks/fields.ts';
import { freshProblems } from './checks/fresh.ts';
import { handlesOpenedBy } from './checks/handles.ts';
import { loaderProblems } from './checks/loader.ts';
import { manifestProblems } from './checks/manifest.ts';
import { nameProblems } from './checks/names.ts';
import { readmeProblems } from './checks/readme.ts';
import { schemaProblems } from './checks/schema.ts';
import { checkedConfig, completeConfig } from './module-config.ts';
import type { Registry } from './nested-filters.ts';
import { examplesIn } from './plugin-examples.ts';
import type { Subject } from './subject.ts';

type Check = (subject: Subject) => string[] | Promise<string[]>;

/** What is asked of every plugin, by title. Each gives the sentences of what is wrong. */
export const pluginChecks: Readonly<Record<string, Check>> = {
  'has a manifest that agrees with the code': manifestProblems,
  'is found and loaded as in a project': loaderProblems,
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
export async function handlesOfCreate(
  { plugin }: Subject,
  config: JsonRecord,
  context: Context,
  registry?: Registry,
): Promise<string[]> {
  const complete = await completeConfig(plugin, config, registry);
  return handlesOpenedBy(() => void plugin.create(complete as never, context)).map(
    (name) => `\`create\` opens a handle: ${name}.`,
  );
}

/** What is wrong with how a config is refused, by its schema or by `create`. */
export async function refusalProblems(
  subject: Subject,
  { config = {}, refuses }: Refuses,
  context: Context,
  registry?: Registry,
): Promise<string[]> {
  const { plugin } = subject;
  const found = await refusal(plugin, config, context, registry);
  if (found === undefined) return [`The config is taken; expected \`${refuses.code}\`.`];
  const isSo = found.code === refuses.code && found.pointer === refuses.pointer;
  if (!isSo) return [`${found.code} at ${String(found.pointer)}: ${found.message}`];
  const schema = plugin.config as JsonRecord;
  return leadsSomewhere(schema, refuses.pointer) ? [] : [`${refuses.pointer} leads nowhere.`];
}

interface Refusal {
  readonly code: string;
  readonly pointer?: string | undefined;
  readonly message: string;
}

async function refusal(
  plugin: Plugin,
  config: JsonRecord,
  context: Context,
  registry?: Registry,
): Promise<Refusal | undefined> {
  const checked = await checkedConfig(plugin, config, registry);
  if ('problems' in checked) return checked.problems[0];
  try {
    plugin.create(checked.config as never, context);
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  return undefined;
}
