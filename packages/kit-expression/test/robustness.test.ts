import { isFault, type JsonRecord } from '@cannectors/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionNames } from '../src/functions/table.ts';
import { condition, expression } from '../src/index.ts';

const env = deepFreeze({
  status: 'paid',
  amount: 120.5,
  large: 9_007_199_254_740_993n,
  note: null,
  tags: ['new', 'gift'],
  lines: [{ sku: 'A', quantity: 2 }, { sku: 'B' }],
  customer: { name: 'Ada', __proto__x: 1 },
  forged: JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as JsonRecord,
});

const words = [
  ...functionNames,
  ...Object.keys(env),
  ...'and or not in matches contains startsWith endsWith let if else true false nil $env'.split(
    ' ',
  ),
  ...'# #acc #index .sku .a x y 0 1 2 1.5 -1 "a" "(" \'[\' `b` 1..3'.split(' '),
  ...'+ - * / % ** ^ ?? == != < <= > >= && || ! ? : ; , . ?. | .. ( ) [ ] { } = // /* */'.split(
    ' ',
  ),
  '__proto__',
  'constructor',
  'Year()',
];

const garbage = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
  fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((parts) => parts.join(' ')),
  fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((parts) => parts.join('')),
);

/** Compiles and evaluates: what is thrown must be one of our faults, at the right place. */
function survives(source: string): boolean {
  try {
    expression(source, '/expression').evaluate(env);
    condition(source, '/expression')(env);
    return true;
  } catch (error) {
    if (!isFault(error)) throw error;
    return error.code.startsWith('expression.') && error.pointer === '/expression';
  }
}

describe('whatever is written', () => {
  it('is a value or a fault that says where', () => {
    const always = fc.property(garbage, (source) => {
      expect(survives(source)).toBe(true);
    });

    fc.assert(always, { numRuns: 2000 });
  });

  it('is a value or a fault when a valid expression is broken', () => {
    const whole = `let x = lines | filter(.quantity > 1); if len(x) > 0 and status in ["paid"] {
      reduce(map(x, {.quantity * 2}), #acc + #, 0) % 2 == 0 ? customer?.name[1:2] ?? "none" : nil
    } else { date("2026-01-15").Year() + int("1") }`;
    const broken = fc
      .tuple(fc.nat(whole.length), fc.nat(12), fc.constantFrom('', ...words))
      .map(([at, length, word]) => whole.slice(0, at) + word + whole.slice(at + length));

    const always = fc.property(broken, (source) => {
      expect(survives(source)).toBe(true);
    });

    fc.assert(always, { numRuns: 1000 });
  });

  it('leaves nothing behind on the objects of all programs', () => {
    expect(Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).toSorted()).toEqual(
      [
        '__defineGetter__',
        '__defineSetter__',
        '__lookupGetter__',
        '__lookupSetter__',
        '__proto__',
        'constructor',
        'hasOwnProperty',
        'isPrototypeOf',
        'propertyIsEnumerable',
        'toLocaleString',
        'toString',
        'valueOf',
      ].toSorted(),
    );
  });
});

describe('an attempt to leave the language', () => {
  it.each([
    'constructor.constructor("return process")()',
    '"".constructor.constructor("return process")()',
    'customer["const" + "ructor"]["const" + "ructor"]',
    'get(get(customer, "constructor"), "constructor")',
    'customer.__proto__.polluted',
    'forged["__pro" + "to__"]',
    'forged["__pro" + "to__"].polluted',
    'tags["constructor"]',
    '(1).constructor',
    'map(tags, #.constructor)',
    'map(tags, #["constr" + "uctor"])',
    'let c = "constructor"; customer[c]',
    'toPairs(forged) | fromPairs()',
    'status.at(0)',
    'tags.map(1)',
    'this',
    'globalThis',
    'process',
    'require("fs")',
    'import("fs")',
    'eval("1")',
    'Function("return 1")()',
    'upper.call("a")',
    'customer.__defineGetter__("x", 1)',
    'customer.toString()',
    'date("2026-01-15").constructor',
    'date("2026-01-15")["instant"]',
  ])('gives nil or a fault: %s', (source) => {
    expect(valueOf(source)).toBeNull();
  });

  function valueOf(source: string): unknown {
    try {
      return expression(source, '/expression').evaluate(env);
    } catch (error) {
      if (isFault(error)) return null;
      throw error;
    }
  }
});

describe('limits', () => {
  const refusal = (source: string) => {
    try {
      expression(source, '/expression').evaluate(env);
    } catch (error) {
      return isFault(error) ? error.code : error;
    }
    return undefined;
  };

  it.each([
    ['more than 10 000 characters', `1${' '.repeat(10_000)}`, 'expression.too-long'],
    ['parentheses', '('.repeat(5000), 'expression.too-deep'],
    ['lists', '['.repeat(5000), 'expression.too-deep'],
    ['signs', '-'.repeat(9999), 'expression.too-deep'],
    ['negations', `${'!'.repeat(9990)}true`, 'expression.too-deep'],
    ['powers', '1**'.repeat(3000) + '1', 'expression.too-deep'],
    ['choices', '1?1:'.repeat(2400) + '1', 'expression.too-deep'],
    ['other branches', 'if 1{1}else '.repeat(800) + '{1}', 'expression.too-deep'],
    ['members', `status${'.a'.repeat(4900)}`, 'expression.too-deep'],
    ['sums', `1${'+1'.repeat(4900)}`, 'expression.too-deep'],
    ['pipes', `1${' | abs()'.repeat(1200)}`, 'expression.too-deep'],
    ['predicates', `${'map(tags,'.repeat(1000)}1`, 'expression.too-deep'],
    ['a long range', 'len(1..100000000)', 'expression.too-costly'],
    ['ranges in ranges', 'any(1..3000, any(1..3000, # < 0))', 'expression.too-costly'],
    ['looking up in looking up', 'all(1..2000, # in map(1..2000, #))', 'expression.too-costly'],
    [
      'comparing with comparing',
      'all(1..2000, map(1..2000, 1) == map(1..2000, 1))',
      'expression.too-costly',
    ],
    ['a long text', 'repeat("abcd", 100000000)', 'expression.too-costly'],
    [
      'a text in a text',
      'replace(repeat("a", 100000), "a", repeat("b", 100000))',
      'expression.too-costly',
    ],
    ['a joined text', 'join(map(1..1000, repeat("a", 100000)))', 'expression.too-costly'],
    ['a list in a list', 'reduce(1..200000, [#acc], [])', 'expression.too-costly'],
    ['a list in a list, as JSON', 'toJSON(reduce(1..200000, [#acc], []))', 'expression.too-costly'],
    ['a number to the limit', 'reduce(1..1000, #acc * 1000000000, 1)', 'expression.failed'],
  ])('refuses %s', (_title, source, code) => {
    expect(refusal(source)).toBe(code);
  });

  it.each([
    ['texts', `let a = "ab"; ${doublings((name) => `${name} + ${name}`)}`],
    ['lists', `let a = [1]; ${doublings((name) => `[${name}, ${name}]`)}`],
    ['maps', `let a = {x: 1}; ${doublings((name) => `{x: ${name}, y: ${name}}`)}`],
  ])('refuses %s that double and double', (_title, source) => {
    expect(refusal(source)).toBe('expression.too-costly');
  });

  it('is far from what people write', () => {
    const choices = Array.from({ length: 300 }, (_, index) => `x == ${index} ? ${index} : `).join(
      '',
    );
    const alternatives = Array.from({ length: 600 }, (_, index) => `x == ${index}`).join(' or ');

    expect(expression(`${choices} -1`, '/expression').evaluate({ x: 299 })).toBe(299);
    expect(expression(alternatives, '/expression').evaluate({ x: 599 })).toBe(true);
    expect(expression('sum(1..100000)', '/expression').evaluate({})).toBe(5_000_050_000);
  });

  it('is counted for each record anew', () => {
    const many = expression('len(1..510000)', '/expression');

    expect([many.evaluate({}), many.evaluate({})]).toEqual([510_000, 510_000]);
  });

  it('bounds the time of looking through texts', () => {
    const tags = Array.from({ length: 20_000 }, (_, index) => `tag ${index}`);
    const text = 'x'.repeat(1_000_000);
    const heavy = '[\\pL\\pN]{500}'.repeat(15);

    for (const source of [
      'any(tags, text contains #)',
      'any(tags, len(text) < 3)',
      'any(tags, text matches "^a+$" or upper(text) == #)',
      'map(tags, text)',
    ]) {
      expect(() => expression(source, '/e').evaluate({ tags, text })).toThrow('steps');
    }
    expect(() => condition('text matches pattern', '/e')({ text, pattern: heavy })).toThrow(
      'steps',
    );
    expect(condition('text matches "^x+$"', '/e')({ text })).toBe(true);
  });

  it('shortens what data puts into a message', () => {
    const fault = () => condition('int(text) > 1', '/e')({ text: 'x'.repeat(1_000_000) });

    expect(fault).toThrow(/^invalid operation: int\(x{100,200}… in `int\(text\)`\.$/);
  });

  it('bounds the time of a pattern and a text that are made for each other', () => {
    const evil = condition('text matches "^(a+)+$"', '/expression');
    const dynamic = condition('text matches pattern', '/expression');
    const text = `${'a'.repeat(50_000)}!`;

    expect(evil({ text })).toBe(false);
    expect(dynamic({ text, pattern: '(a*)*(a*)*b' })).toBe(false);
    expect(() => dynamic({ text, pattern: 'a'.repeat(10_001) })).toThrow('at most 10000');
    expect(() => dynamic({ text, pattern: '((a{1000}){1000}){1000}' })).toThrow('regex');
  });
});

function doublings(twice: (name: string) => string): string {
  const names = Array.from({ length: 60 }, (_, index) => `v${index}`);
  const steps = names.map(
    (name, index) => `let ${name} = ${twice(index === 0 ? 'a' : `v${index - 1}`)};`,
  );
  return `${steps.join(' ')} ${names.at(-1)}`;
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object);
  }
  return Object.freeze(value);
}
