import type { Json } from '@cannectors/core';
import {
  admits,
  alternativeFor,
  alternativesOf,
  missedTag,
  namedValues,
  tagsOf,
  typesOf,
} from './alternatives.ts';
import type { SchemaObject } from './catalog.ts';
import type { SchemaError } from './check.ts';
import { isRecord, typeName } from './json.ts';
import { join, valueAt } from './pointer.ts';
import type { Found } from './problems.ts';
import { didYouMean } from './suggest.ts';

/**
 * Says in our words what a validator found: one problem for one mistake, alternatives never listed,
 * values never quoted (they may come from the environment).
 *
 * @param schema the schema that was checked against
 * @param value what was checked
 * @param pointer where the value stands in the document
 * @see spec/connectors/pipeline.md, section 5.2
 */
export function wordingOf(
  errors: readonly SchemaError[],
  schema: SchemaObject,
  value: unknown,
  pointer: string,
): Found[] {
  const told: Found[] = [];
  const missing = new Map<string, string[]>();
  for (const error of withoutAlternatives(errors, schema, value)) {
    const at = error.instancePath;
    if (error.keyword === 'required') {
      const keys = missing.get(at);
      if (keys) keys.push(String(error.params['missingProperty']));
      else missing.set(at, [String(error.params['missingProperty'])]);
      continue;
    }
    const found = wordsFor(error, schema, valueAt(value, at));
    if (found !== undefined) told.push({ ...found, pointer: pointer + found.pointer });
  }
  for (const [at, keys] of missing) told.push(required(keys, pointer + at));
  return told;
}

/** Something has to be there. */
export function required(keys: readonly string[], pointer: string, hint?: string): Found {
  const what = keys.length === 1 ? 'property' : 'properties';
  return {
    code: 'config.required',
    pointer,
    message: `missing required ${what} ${quoted(keys)}`,
    ...(hint !== undefined && { hint }),
  };
}

/** A key that nobody reads, at its own place. */
export function unknownKey(key: string, pointer: string, known: Iterable<string>): Found {
  const hint = didYouMean(key, known) ?? placeOf.get(key);
  return {
    code: 'config.unknown-key',
    pointer: join(pointer, key),
    onKey: true,
    message: `unknown properties '${key}' are not allowed`,
    ...(hint !== undefined && { hint }),
  };
}

/** A value is of a type that has no meaning here. */
export function wrongType(expected: readonly string[], value: unknown, pointer: string): Found {
  const actual = typeName(value);
  const wantsText = expected.includes('string') && /^(number|boolean|null)$/.test(actual);
  const wantsList = expected.includes('array') && actual === 'object';
  return {
    code: 'config.type',
    pointer,
    message: `expected ${expected.join(' or ')}, got ${actual}`,
    expected: expected.join(' or '),
    actual,
    ...(wantsText && value !== null && { hint: 'Put it in quotes.' }),
    ...(wantsList && { hint: 'Write a list, without names: `[first, second]`.' }),
  };
}

/** A value is none of those that have a meaning here. */
export function wrongValue(allowed: readonly unknown[], value: unknown, pointer: string): Found {
  const words = allowed.filter((word) => typeof word === 'string');
  const hint = typeof value === 'string' ? didYouMean(value, words) : undefined;
  return {
    code: 'config.enum',
    pointer,
    message: `invalid value, supported: ${quoted(allowed)}`,
    expected: allowed as Json[],
    ...(hint !== undefined && { hint }),
  };
}

/** Where keys belong that people write in the wrong place. */
const placeOf: ReadonlyMap<string, string> = new Map([
  ['schedule', 'It belongs to the input.'],
  ['timezone', 'It belongs to the input, beside `schedule`.'],
  ['when', 'It belongs to an entry of `outputs` (`sinks` in a spec document).'],
  ['required', 'It belongs to an entry of `outputs` (`sinks` in a spec document).'],
  ['lag', 'It belongs to an entry of `outputs` (`sinks` in a spec document).'],
  ['retry', 'It belongs to a module, or to `defaults`.'],
  ['timeoutMs', 'It belongs to a module, or to `defaults`.'],
  ['onError', 'It belongs to a module, or to `defaults`.'],
]);

/** Keeps of every choice only what is said of the alternative that was meant. */
function withoutAlternatives(
  errors: readonly SchemaError[],
  schema: SchemaObject,
  value: unknown,
): SchemaError[] {
  let kept = errors.filter(({ keyword }) => keyword !== 'if');
  const choices = kept.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  // The outermost first: what it drops needs no look.
  choices.sort((a, b) => a.schemaPath.length - b.schemaPath.length);
  for (const choice of choices) {
    if (!kept.includes(choice)) continue;
    const listed = choicesAt(schema, choice);
    const alternatives = alternativesOf(listed, schema);
    const meant = alternativeFor(alternatives, valueAt(value, choice.instancePath));
    const places = (Array.isArray(listed) ? (listed as SchemaObject[]) : []).map(
      ({ $ref }, index) => (typeof $ref === 'string' ? $ref : `${choice.schemaPath}/${index}`),
    );
    const isBelow = (error: SchemaError, index: number): boolean =>
      error.instancePath.startsWith(choice.instancePath) &&
      error.schemaPath.startsWith(`${places[index]}/`);
    kept = kept.filter((error) => {
      if (error === choice) return meant === undefined;
      return places.every((_, index) => index === meant || !isBelow(error, index));
    });
  }
  return kept;
}

function choicesAt(schema: SchemaObject, { schemaPath }: SchemaError): unknown {
  return valueAt(schema, decodeURIComponent(schemaPath.slice(1)));
}

/** Found at a place inside the value; `undefined` where another error says it already. */
function wordsFor(error: SchemaError, schema: SchemaObject, value: unknown): Found | undefined {
  const { keyword, instancePath: pointer, params } = error;
  if (error.propertyName !== undefined) return wordsForKey(error, error.propertyName);
  switch (keyword) {
    case 'propertyNames':
      return undefined;
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      return unknownKey(key, pointer, knownKeys(error, schema));
    }
    case 'type': {
      const types = [params['type']].flat().map(String);
      return wrongType(types, value, pointer);
    }
    case 'const':
      return wrongValue([params['allowedValue']], value, pointer);
    case 'enum':
      return wrongValue(params['allowedValues'] as unknown[], value, pointer);
    case 'anyOf':
    case 'oneOf':
      return wordsForChoice(error, alternativesOf(choicesAt(schema, error), schema), value);
    default: {
      const [code, message] = boundOf(keyword, params);
      const expected = (params['limit'] ?? params['pattern'] ?? params['format']) as Json;
      return { code, pointer, message, ...(expected !== undefined && { expected }) };
    }
  }
}

/** What is said of the name of a property. */
function wordsForKey({ keyword, instancePath, params }: SchemaError, key: string): Found {
  if (keyword === 'enum' || keyword === 'const') {
    const names = [params['allowedValues'] ?? params['allowedValue']].flat();
    return unknownKey(key, instancePath, names.map(String));
  }
  const [code, message] = boundOf(keyword, params);
  const pointer = join(instancePath, key);
  return { code, pointer, onKey: true, message: `the key "${key}": ${message}` };
}

function knownKeys({ schemaPath }: SchemaError, schema: SchemaObject): string[] {
  const parent = schemaPath.slice(1, schemaPath.lastIndexOf('/'));
  const found = valueAt(schema, decodeURIComponent(parent));
  return isRecord(found) && isRecord(found['properties']) ? Object.keys(found['properties']) : [];
}

/** No alternative was plainly meant: says what tells them apart. */
function wordsForChoice(
  { instancePath: pointer, params }: SchemaError,
  alternatives: readonly SchemaObject[],
  value: unknown,
): Found {
  const values = alternatives.map(namedValues);
  if (values.length > 0 && values.every((some) => some !== undefined)) {
    return wrongValue(values.flat(), value, pointer);
  }
  const tag = missedTag(alternatives, value);
  if (tag) return wrongValue(tag.values, valueAt(value, join('', tag.key)), join(pointer, tag.key));
  if (alternatives.length > 0 && alternatives.every((schema) => !admits(schema, value))) {
    return wrongType([...new Set(alternatives.flatMap(typesOf))], value, pointer);
  }
  const [untold] = tagsOf(alternatives);
  if (untold !== undefined && isRecord(value) && !Object.hasOwn(value, untold)) {
    return required([untold], pointer);
  }
  const keys = [...new Set(alternatives.flatMap((schema) => textsOf(schema['required'])))];
  if (Array.isArray(params['passingSchemas'])) {
    const given = keys.filter((key) => isRecord(value) && Object.hasOwn(value, key));
    const message = `only one may be given of ${quoted(given)}`;
    return { code: 'config.choice', pointer, message };
  }
  if (keys.length > 0) return { ...required(keys.slice(0, 1), pointer), ...oneOf(keys) };
  return { code: 'config.choice', pointer, message: 'matches none of the forms it may have' };
}

function oneOf(keys: readonly string[]): Pick<Found, 'message'> {
  return { message: `missing required property ${keys.map((key) => `"${key}"`).join(' or ')}` };
}

/** The bound or pattern that a value misses. */
function boundOf(keyword: string, params: SchemaError['params']): [code: string, message: string] {
  const limit = Number(params['limit']);
  switch (keyword) {
    case 'minLength':
      return ['config.length', `expected at least ${count(limit, 'character')}`];
    case 'maxLength':
      return ['config.length', `expected at most ${count(limit, 'character')}`];
    case 'minItems':
      return ['config.items', `expected at least ${count(limit, 'item')}`];
    case 'maxItems':
      return ['config.items', `expected at most ${count(limit, 'item')}`];
    case 'uniqueItems': {
      const [first, second] = [Number(params['j']), Number(params['i'])].toSorted((a, b) => a - b);
      return ['config.items', `expected unique items, but [${first}] and [${second}] are the same`];
    }
    case 'minProperties':
      return ['config.items', `expected at least ${count(limit, 'property')}`];
    case 'maxProperties':
      return ['config.items', `expected at most ${count(limit, 'property')}`];
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return ['config.range', `expected a number ${String(params['comparison'])} ${limit}`];
    case 'multipleOf':
      return ['config.range', `expected a multiple of ${String(params['multipleOf'])}`];
    case 'pattern':
      return ['config.pattern', `expected a text that matches ${String(params['pattern'])}`];
    case 'format':
      return ['config.format', `expected a text of the format "${String(params['format'])}"`];
    case 'dependentRequired':
    case 'dependencies':
      return [
        'config.required',
        `missing required property "${String(params['missingProperty'])}", which "${String(params['property'])}" needs`,
      ];
    default:
      return ['config.rule', `does not fit the rule "${keyword}" of its schema`];
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function quoted(words: readonly unknown[]): string {
  return words.map((word) => JSON.stringify(word)).join(', ');
}

function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${number} ${noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}
