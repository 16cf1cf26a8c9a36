import { type Catalog, kinds, type Manifest, type SchemaObject } from './catalog.ts';
import { flatDocument } from './flat.ts';
import { isRecord } from './json.ts';
import { join } from './pointer.ts';
import { specDocument } from './spec.ts';
import { kindOf, type Role, words } from './words.ts';

const roles: readonly Role[] = [...kinds, 'only-output'];

/**
 * Makes one JSON Schema (draft 2020-12) of both document shapes with everything that is installed,
 * for editors. A module is described by the schema of its plugin, chosen by `type`.
 *
 * It refuses nothing that `validate` takes, but for `onError` in capitals and the old `connector`
 * wrapper; what is between the parts of a document is beyond it.
 */
export function pipelineSchema(catalog: Catalog): SchemaObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'cannectors pipeline',
    type: 'object',
    ...either(
      { required: ['spec'] },
      linked(specDocument, (role) => ref(`spec-${role}`)),
      linked(flatDocument, ref),
    ),
    $defs: Object.fromEntries(roles.flatMap((role) => definitionsOf(role, catalog))),
  };
}

type Definition = readonly [name: string, schema: SchemaObject];

/** A module of this role in either shape, and what each plugin takes there. */
function definitionsOf(role: Role, catalog: Catalog): Definition[] {
  const plugins = catalog
    .list()
    .filter(({ kind }) => kind === kindOf(role))
    .map((manifest) => ({ manifest, types: typesOf(manifest, catalog) }))
    .filter(({ types }) => types.length > 0)
    .map((plugin) => ({ ...plugin, name: `${role}:${plugin.types[0]}` }));
  const choices = plugins.map(({ name, types }) => ({ name, types }));
  return [
    [role, chosenByType(choices, ref)],
    [`spec-${role}`, chosenByType(choices, (name) => besideOrUnderConfig(role, name))],
    ...plugins.map(({ manifest, name }) => [name, pluginSchema(manifest, role, name)] as const),
  ];
}

/** The words in `type` that lead to this plugin and to no other. */
function typesOf(manifest: Manifest, catalog: Catalog): string[] {
  const { kind, type, aliases, version } = manifest;
  return [type, ...aliases, `${type}@${version.split('.')[0]}`].filter((word) => {
    const found = catalog.find(kind, word);
    return found?.package === manifest.package && found.version === version;
  });
}

function chosenByType(
  choices: readonly { name: string; types: readonly string[] }[],
  chosen: (name: string) => SchemaObject,
): SchemaObject {
  // Without a plugin there is nothing to write.
  if (choices.length === 0) return { not: {} };
  const { description } = words.input.properties?.['type'] ?? {};
  return {
    type: 'object',
    required: ['type'],
    properties: { type: { description, enum: choices.flatMap(({ types }) => types) } },
    allOf: choices.map(({ name, types }) =>
      either({ required: ['type'], properties: { type: { enum: types } } }, chosen(name), true),
    ),
  };
}

/** Nothing is said of a module that has options in both places. */
function besideOrUnderConfig(role: Role, name: string): SchemaObject {
  const beside = [...Object.keys(words[role].properties ?? {}), 'config'];
  const underConfig = either(
    { propertyNames: { enum: beside } },
    { properties: { config: ref(name) } },
    true,
  );
  return either({ required: ['config'] }, underConfig, ref(name));
}

/** The schema of a plugin with the kernel's words in it. */
function pluginSchema(manifest: Manifest, role: Role, name: string): SchemaObject {
  const { $schema: _schema, $id: _id, ...schema } = manifest.schema();
  const own = linked(schema, (role) => ref(`spec-${role}`), `#/$defs/${name}`);
  return {
    description: manifest.description,
    ...own,
    properties: { ...words[role].properties, ...own.properties },
  };
}

/**
 * Puts references where a schema marks modules and lists of them, and turns its own references to
 * where it is put.
 */
function linked(
  schema: SchemaObject,
  refOf: (role: Role) => SchemaObject,
  base = '#',
): SchemaObject {
  return visit(schema) as SchemaObject;

  function visit(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(visit);
    if (!isRecord(value)) return value;
    const inner = Object.fromEntries(
      Object.entries(value).map(([key, child]) => {
        const isReference = key === '$ref' && typeof child === 'string' && child.startsWith('#');
        return [key, isReference ? base + child.slice(1) : visit(child)];
      }),
    );
    const mark = value['x-cannectors'];
    if (mark === 'filters') return { ...inner, items: refOf('filter') };
    if (mark === 'outputs') return { ...inner, items: refOf('output') };
    return mark === 'input' || mark === 'only-output' ? { ...inner, ...refOf(mark) } : inner;
  }
}

function either(
  condition: SchemaObject,
  consequence: SchemaObject,
  otherwise: SchemaObject | true,
): SchemaObject {
  // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
  return { if: condition, then: consequence, else: otherwise };
}

function ref(name: string): SchemaObject {
  return { $ref: join('#/$defs', name) };
}
