import type { Json, JsonRecord } from '@cannectors/core';

/** A row of the table: one key of the config. */
interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly description: string;
}

/** The config of a plugin as a Markdown table; nested keys stand below with a dotted name. */
export function configTable(schema: JsonRecord): string {
  const rows = rowsOf(schema, '');
  if (rows.length === 0) return 'No keys of its own.';
  const lines = rows.map(({ key, type, fallback, description }) =>
    `| \`${key}\` | ${type} | ${fallback} | ${description} |`.replaceAll('\n', ' '),
  );
  return ['| Key | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function rowsOf(schema: JsonRecord, prefix: string): Row[] {
  const required = new Set(listOf(schema['required']));
  const rows = Object.entries(recordOf(schema['properties'])).flatMap(([name, value]) => {
    const field = recordOf(value);
    const key = `${prefix}${name}`;
    const own: Row = {
      key,
      type: cell(typeOf(field)),
      fallback: fallbackOf(field, required.has(name)),
      description: cell(textOf(field['description'])),
    };
    return isDiscriminator(field) ? [] : [own, ...rowsBelow(field, key)];
  });
  return [...rows, ...variantsOf(schema).flatMap((variant) => rowsOf(variant, prefix))];
}

/** Rows of what a field holds: keys of an object, of the elements of a list, of the values of a map. */
function rowsBelow(field: JsonRecord, key: string): Row[] {
  const { items } = field;
  if (items !== undefined) return rowsOf(recordOf(items), `${key}[].`);
  const values = mapValue(field);
  if (values !== undefined) return rowsOf(values, `${key}.*.`);
  const variants = variantsOf(field).map((variant) => ({
    variant,
    when: discriminatorOf(variant),
  }));
  const rows = rowsOf({ ...field, anyOf: [], oneOf: [] }, `${key}.`);
  for (const { variant, when } of variants) {
    const prefix = variant['type'] === 'array' ? key : `${key}.`;
    const inner =
      variant['type'] === 'array' ? rowsBelow(variant, prefix) : rowsOf(variant, prefix);
    rows.push(
      ...inner.map((row) =>
        when === undefined ? row : { ...row, fallback: `${row.fallback}, with ${when}` },
      ),
    );
  }
  return rows;
}

/** What a value may be, in a few words. */
export function typeOf(field: JsonRecord): string {
  const annotation = textOf(field['x-cannectors']);
  if (annotation === 'filters') return 'list of filters';
  if (field['const'] !== undefined) return code(field['const']);
  if (Array.isArray(field['enum'])) return field['enum'].map(code).join(' \\| ');
  const variants = variantsOf(field);
  if (variants.length > 0) return [...new Set(variants.map(typeOf))].join(' or ');
  const type = field['type'];
  if (type === 'array') return `list of ${plural(typeOf(recordOf(field['items'])))}`;
  if (type === 'object') {
    const values = mapValue(field);
    return values === undefined ? 'object' : `map of ${plural(typeOf(values))}`;
  }
  if (type === 'integer' || type === 'number') return `${type}${boundsOf(field)}`;
  if (annotation !== '') return annotation === 'path' ? 'record path' : annotation;
  return listOf(type).map(textOf).join(' or ') || textOf(type) || 'any value';
}

/** `string` → `strings`; what is longer than two words stays as it is. */
function plural(type: string): string {
  return /^[a-z]+( path)?$/.test(type) ? `${type}s` : type;
}

function boundsOf({ minimum, maximum }: JsonRecord): string {
  if (typeof minimum !== 'number') return typeof maximum === 'number' ? ` ≤ ${maximum}` : '';
  return typeof maximum === 'number' ? ` ${minimum}–${maximum}` : ` ≥ ${minimum}`;
}

function fallbackOf(field: JsonRecord, isRequired: boolean): string {
  if (field['default'] !== undefined) return cell(code(field['default']));
  return isRequired ? 'required' : '–';
}

/** A key whose one value tells the variants apart; it is named in their rows instead. */
function isDiscriminator(field: JsonRecord): boolean {
  return field['const'] !== undefined;
}

function discriminatorOf(variant: JsonRecord): string | undefined {
  for (const [name, value] of Object.entries(recordOf(variant['properties']))) {
    const only = recordOf(value)['const'];
    if (typeof only === 'string') return `\`${name}: ${only}\``;
  }
  return undefined;
}

function variantsOf(schema: JsonRecord): JsonRecord[] {
  return [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].map(recordOf);
}

function mapValue(field: JsonRecord): JsonRecord | undefined {
  const [pattern] = Object.values(recordOf(field['patternProperties']));
  const rest = field['additionalProperties'];
  if (pattern !== undefined) return recordOf(pattern);
  return typeof rest === 'object' ? recordOf(rest) : undefined;
}

function code(value: Json): string {
  return `\`${typeof value === 'string' ? value || '""' : JSON.stringify(value)}\``;
}

/** A bar in a cell would end it. */
function cell(text: string): string {
  return text.replaceAll(/\\?\|/g, '\\|');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function recordOf(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonRecord)
    : {};
}
