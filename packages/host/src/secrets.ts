import type { Catalog, Kind, Module, Pipeline, SchemaObject } from '@cannectors/config';

/** Bound on schemas that refer to themselves. */
const maxDepth = 64;

const userInfo = /\/\/([^\s/?#@]*)@/;

/**
 * Lists the secrets of a pipeline: the values of fields that schemas mark as `secret`, of nested steps
 * too, and the user info of URLs.
 */
export function secretsOf(pipeline: Pipeline, catalog: Catalog): Set<string> {
  const secrets = new Set<string>();
  const { input, filters, outputs, deadLetter } = pipeline;
  const add = (kind: Kind, { type, config }: Pick<Module, 'type' | 'config'>): void => {
    for (const text of texts(config)) {
      const [, info] = userInfo.exec(text) ?? [];
      for (const part of info?.split(':') ?? []) secrets.add(decoded(part));
    }
    const schema = catalog.find(kind, type)?.schema();
    if (schema !== undefined) collect(config, schema, schema, { secrets, catalog, depth: 0 });
  };

  add('input', input);
  for (const filter of filters) add('filter', filter);
  for (const output of outputs) add('output', output);
  if (deadLetter?.target.type === 'output') add('output', deadLetter.target.output);
  return secrets;
}

interface Search {
  readonly secrets: Set<string>;
  readonly catalog: Catalog;
  readonly depth: number;
}

/** Walks a value and its schema side by side. */
function collect(value: unknown, schema: SchemaObject, root: SchemaObject, search: Search): void {
  if (search.depth > maxDepth || value === undefined || value === null) return;
  const deeper = { ...search, depth: search.depth + 1 };
  const also = (other: unknown, part: unknown): void => {
    if (isObject(part)) collect(other, part, root, deeper);
  };

  const mark = schema['x-cannectors'];
  if (mark === 'secret') texts(value).forEach((text) => search.secrets.add(text));
  if (mark === 'filters') inSteps(value, deeper);
  also(value, referred(schema['$ref'], root));
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    const list = schema[key];
    if (Array.isArray(list)) for (const part of list) also(value, part);
  }
  for (const key of ['if', 'then', 'else']) also(value, schema[key]);

  if (Array.isArray(value)) {
    for (const item of value) also(item, schema['items']);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    also(item, schema.properties?.[key] ?? schema['additionalProperties']);
  }
}

function inSteps(steps: unknown, search: Search): void {
  if (!Array.isArray(steps)) return;
  for (const step of steps) {
    if (!isObject(step)) continue;
    const schema = search.catalog.find('filter', String(step['type']))?.schema();
    if (schema !== undefined) collect(step, schema, schema, search);
  }
}

function referred(reference: unknown, root: SchemaObject): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
  const keys = reference.slice(2).split('/');
  return keys.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
