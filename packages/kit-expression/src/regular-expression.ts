import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { badPattern } from './faults.ts';

/** A regular expression whose time is linear in the text, whatever the pattern. */
export interface RegularExpression {
  /** Tells whether the pattern is found anywhere in the text. */
  test(text: string): boolean;
  /** Instructions: a test takes at most so many steps for each character. */
  readonly size: number;
  /**
   * Replaces every match.
   *
   * In the replacement `$1`, `${1}` and `${name}` are groups, and `$$` is a dollar sign; a group that
   * does not exist or took no part is empty. The longest name counts: `$1x` is the group `1x`.
   */
  replacer(replacement: string): (text: string) => string;
}

/**
 * Compiles a pattern in RE2 syntax: no look-around, no back-references.
 *
 * @throws `expression.bad-pattern`
 */
export function regularExpression(pattern: string, pointer: string): RegularExpression {
  const compiled = compile(pattern, pointer);
  return {
    test: (text) => compiled.test(text),
    size: compiled.programSize(),
    replacer: (replacement) => replacer(compiled, replacement),
  };
}

// Loaded by the first pattern: most pipelines have none, and it is larger than all the rest.
const require = createRequire(import.meta.url);

function compile(pattern: string, pointer: string): RE2JS {
  const re2 = require('re2js') as { RE2JS: typeof RE2JS };
  try {
    return re2.RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badPattern(pattern, reason.replace(/^error parsing regexp: |: `.*`$/g, ''), pointer);
  }
}

type Match = ReturnType<RE2JS['matcher']>;

function replacer(pattern: RE2JS, replacement: string): (text: string) => string {
  const expand = expander(pattern, replacement);
  return (text) => {
    const match = pattern.matcher(text);
    let result = '';
    let end = 0;
    let last = -1;
    while (match.find()) {
      // An empty match right after another one is none: `a*` in `ba` is found twice.
      if (match.start() === match.end() && match.start() === last) continue;
      result += text.slice(end, match.start()) + expand(match);
      end = match.end();
      last = end;
    }
    return end === 0 && result === '' ? text : result + text.slice(end);
  };
}

const reference = /\$(?:\$|(?<plain>[\p{L}\p{Nd}_]+)|\{(?<braced>[\p{L}\p{Nd}_]+)\})/gu;

/** Cuts the replacement into texts and groups, once. */
function expander(pattern: RE2JS, replacement: string): (match: Match) => string {
  const parts: ((match: Match) => string)[] = [];
  let end = 0;
  for (const { index, 0: text, groups } of replacement.matchAll(reference)) {
    const before = replacement.slice(end, index) + (text === '$$' ? '$' : '');
    if (before !== '') parts.push(() => before);
    const name = groups?.['plain'] ?? groups?.['braced'];
    if (name !== undefined) parts.push(group(pattern, name));
    end = index + text.length;
  }
  const rest = replacement.slice(end);
  if (parts.length === 0) return () => rest;
  return (match) => parts.reduce((text, part) => text + part(match), '') + rest;
}

function group(pattern: RE2JS, name: string): (match: Match) => string {
  const isNumber = /^\d+$/.test(name);
  const exists = isNumber
    ? Number(name) <= pattern.groupCount()
    : Object.hasOwn(pattern.namedGroups(), name);
  if (!exists) return () => '';
  return (match) => match.group(isNumber ? Number(name) : name) ?? '';
}
