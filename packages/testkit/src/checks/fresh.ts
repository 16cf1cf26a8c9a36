import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Json, JsonRecord } from '@cannectors/core';
import { schemaFile, type Subject, textIn } from '../subject.ts';

/**
 * Makes the JSON Schema that is committed from one that is written with TypeBox: plain JSON, and a
 * field with a default is not required, since the host fills it in.
 */
export function schemaFrom(config: object): JsonRecord {
  const plain = JSON.parse(JSON.stringify(config)) as JsonRecord;
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...(relaxed(plain) as object) };
}

/** Text of the `schema.json` that belongs to a config. */
export function schemaText(config: object): string {
  return `${JSON.stringify(schemaFrom(config), null, 2)}\n`;
}

/** Where `schema.json`, `src/config.ts` and what the code gives as its schema differ. */
export async function freshProblems(subject: Subject): Promise<string[]> {
  const file = schemaFile(subject);
  const text = textIn(subject, file);
  if (text === undefined) return [`There is no ${file}.`];
  const problems: string[] = [];
  if (!isSame(JSON.parse(text), subject.plugin.config as JsonRecord)) {
    problems.push(`The code gives another schema than ${file}.`);
  }
  const source = path.join(subject.folder, 'src/config.ts');
  if (existsSync(source)) {
    const { config } = (await import(pathToFileURL(source).href)) as { config?: object };
    if (config === undefined) problems.push('src/config.ts exports no `config`.');
    else if (!isSame(JSON.parse(text), schemaFrom(config))) {
      problems.push(`${file} is not what src/config.ts makes. Make it again: \`pnpm fix\`.`);
    }
  }
  return problems;
}

function isSame(one: JsonRecord, other: JsonRecord): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function relaxed(value: Json): Json {
  if (Array.isArray(value)) return value.map(relaxed);
  if (typeof value !== 'object' || value === null) return value;
  const schema = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, relaxed(inner)]),
  );
  const { required, properties } = schema;
  if (!Array.isArray(required) || typeof properties !== 'object') return schema;
  const left = required.filter((key) => {
    const property = (properties as JsonRecord)[key as string] as JsonRecord | undefined;
    return property?.['default'] === undefined;
  });
  if (left.length > 0) return { ...schema, required: left };
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'required'));
}
