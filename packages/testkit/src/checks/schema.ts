import type { JsonRecord } from '@cannectors/core';
import { schemaOf, type Subject } from '../subject.ts';
import { type Field, fieldsOf } from './fields.ts';

const annotations = new Set(['path', 'template', 'expression', 'secret', 'filters']);

/** Words that the kernel owns (house rules of the document); a plugin's schema never lists them. */
const kernelWords: Readonly<Record<string, readonly string[]>> = {
  input: ['schedule', 'timezone', 'overlap', 'misfire', 'maxRunMs'],
  filter: [],
  output: ['required', 'when', 'lag'],
};
const everyModule = ['type', 'id', 'name', 'description', 'tags', 'enabled', 'onError'];

/** Where the schema leaves a reader, or a typo, alone. */
export function schemaProblems(subject: Subject): string[] {
  const schema = schemaOf(subject);
  if (schema['type'] !== 'object') return ['The schema is not one of an object.'];
  const owned = [...everyModule, ...(kernelWords[subject.plugin.kind] ?? [])];
  const problems = Object.keys((schema['properties'] ?? {}) as JsonRecord)
    .filter((key) => owned.includes(key))
    .map((key) => `/${key}: the kernel owns this word, so a plugin's schema does not list it.`);

  for (const field of fieldsOf(schema)) problems.push(...problemsOf(field));
  return problems;
}

function problemsOf({ pointer, name, schema }: Field): string[] {
  const at = pointer === '' ? '/' : pointer;
  const problems: string[] = [];
  if (isOpen(schema)) {
    problems.push(
      `${at}: the object takes unknown keys; it needs \`additionalProperties: false\`.`,
    );
  }
  const { description } = schema;
  if (name !== '' && (typeof description !== 'string' || !/[.?)]$/.test(description.trim()))) {
    problems.push(`${at}: the field has no description that is a sentence with a full stop.`);
  }
  const annotation = schema['x-cannectors'];
  if (annotation !== undefined && !annotations.has(annotation as string)) {
    problems.push(`${at}: \`x-cannectors\` is one of ${[...annotations].join(', ')}.`);
  }
  for (const key of (schema['required'] ?? []) as string[]) {
    const property = ((schema['properties'] ?? {}) as JsonRecord)[key] as JsonRecord | undefined;
    if (property?.['default'] !== undefined) {
      problems.push(`${at}: \`${key}\` has a default, so it is not required.`);
    }
  }
  return problems;
}

/** An object with named keys that does not refuse the others. A map has no named keys. */
function isOpen(schema: JsonRecord): boolean {
  if (schema['type'] !== 'object' && schema['properties'] === undefined) return false;
  const closed =
    schema['additionalProperties'] === false || schema['unevaluatedProperties'] === false;
  const isMap =
    schema['properties'] === undefined &&
    (schema['patternProperties'] !== undefined || schema['additionalProperties'] !== undefined);
  return !closed && !isMap;
}
