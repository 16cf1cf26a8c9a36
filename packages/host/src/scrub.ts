import { Fault, type JsonRecord } from '@cannectors/core';

/** Takes secrets out of what people and machines will read (G6). */
export interface Scrub {
  /** Replaces known secrets; URLs lose user info, query and fragment. */
  text(text: string): string;
  /** The same, for every text in a value. */
  value<Value>(value: Value): Value;
  /** The same, for what a fault says; its causes too. */
  fault(fault: Fault): Fault;
  /** Replaces known secrets only: for previews, which show URLs as they are. */
  secrets<Value>(value: Value): Value;
}

const mask = '***';

/** A shorter value is found everywhere, by chance. */
const minLength = 4;

const url =
  /\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#"'`<>]*@)?([^\s?#"'`<>]*)(?:[?#](?:[^\s"'`<>]*[^\s"'`<>.,;:!?)\]])?)?/gi;

/**
 * Makes a scrub that knows these secrets. It is the last line: modules don't name a secret in the
 * first place.
 */
export function scrub(secrets: Iterable<string>): Scrub {
  const known = [...new Set([...secrets].flatMap(spellings))]
    .filter((secret) => secret.length >= minLength)
    .toSorted((a, b) => b.length - a.length);
  const pattern =
    known.length === 0
      ? undefined
      : new RegExp(known.map((secret) => RegExp.escape(secret)).join('|'), 'g');
  const hide = (text: string): string =>
    pattern === undefined ? text : text.replaceAll(pattern, mask);
  const clean = (text: string): string => hide(text).replaceAll(url, '$1$2');

  const fault = (given: Fault): Fault => {
    const { code, message, category, hint, pointer, retry, statusCode, details, cause } = given;
    return new Fault(code, clean(message), {
      category,
      retry,
      details: mapTexts(details, clean),
      ...(hint !== undefined && { hint: clean(hint) }),
      ...(pointer !== undefined && { pointer }),
      ...(statusCode !== undefined && { statusCode }),
      ...(cause instanceof Error && { cause: new Error(clean(chain(cause))) }),
    });
  };

  return {
    text: clean,
    value: (value) => mapTexts(value, clean),
    fault,
    secrets: (value) => (pattern === undefined ? value : mapTexts(value, hide)),
  };
}

/** A secret as it may stand in a text: as it is, in a URL, in JSON. */
function spellings(secret: string): string[] {
  return [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)];
}

function chain(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${chain(error.cause)}` : error.message;
}

function mapTexts<Value>(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return change(value) as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, change)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as JsonRecord);
  return Object.fromEntries(entries.map(([key, item]) => [key, mapTexts(item, change)])) as Value;
}
