import { isFault, type JsonRecord } from '@cannectors/core';
import { copyOf, markIntegers } from '@cannectors/kit-record';
import { describe, expect, it } from 'vitest';
import { condition, expression, isTruthy } from '../src/index.ts';

const evaluate = (source: string, env: JsonRecord = {}) =>
  expression(source, '/parameters/0').evaluate(env);

function faultOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (isFault(error)) return error;
  }
  return undefined;
}

describe('an expression', () => {
  it('keeps its source', () => {
    expect(expression('a > 1', '/when').source).toBe('a > 1');
  });

  it.each([
    ['status == "paid" && amount > limit', ['status', 'amount', 'limit']],
    ['customer.name', ['customer']],
    ['a?.b[c].d', ['a', 'c']],
    ['$env.status', ['status']],
    ['$env["in"]', ['in']],
    ['any(tags, # == wanted)', ['tags', 'wanted']],
    ['map(lines, .sku + #.name)', ['lines']],
    ['let x = a; x + b', ['a', 'b']],
    ['let a = 1; a', []],
    ['{key: value}', ['value']],
    ['upper("x")', []],
    ['record.a in state', ['record', 'state']],
  ])('knows the root variables it reads: %s', (source, names) => {
    expect([...expression(source, '/when').names].toSorted()).toEqual(names.toSorted());
  });

  it('gives null for nil, and JSON for all else', () => {
    expect(evaluate('missing')).toBeNull();
    expect(
      evaluate('[missing, date("2026-01-15"), duration("90s"), timezone("UTC"), len("ab")]'),
    ).toEqual([null, '2026-01-15T00:00:00Z', '1m30s', 'UTC', 2]);
    expect(Object.getPrototypeOf(evaluate('{a: {b: 1}}'))).toBe(Object.prototype);
  });

  it('keeps every digit of an integer', () => {
    expect(evaluate('9007199254740991 + 0')).toBe(9_007_199_254_740_991);
    expect(evaluate('9007199254740991 + 1')).toBe(9_007_199_254_740_992n);
    expect(evaluate('[id]', { id: 2n ** 64n })).toEqual([2n ** 64n]);
  });

  it('makes new lists and maps each time', () => {
    const constants = expression('{list: [1, 2]}', '/when');

    const [one, other] = [constants.evaluate({}), constants.evaluate({})] as JsonRecord[];

    expect(one).toEqual(other);
    expect(one).not.toBe(other);
    expect(one?.['list']).not.toBe(other?.['list']);
  });

  it('changes nothing of what it reads', () => {
    const env = { numbers: [3, 1, 2], tags: ['b', 'a'], map: { a: 1 } };
    const before = structuredClone(env);

    evaluate(
      '[sort(numbers), reverse(tags), concat(numbers, tags), map(numbers, # + 1), keys(map)]',
      env,
    );

    expect(env).toEqual(before);
  });

  it('keeps apart what is evaluated inside of something else', () => {
    const inner = expression('map(list, # + offset)', '/when');
    const twice = [
      inner.evaluate({ list: [1, 2], offset: 10 }),
      inner.evaluate({ list: [3], offset: 20 }),
    ];

    expect(twice).toEqual([[11, 12], [23]]);
  });

  it('goes on after a record that failed', () => {
    const total = expression('sum(lines, .price)', '/when');

    expect(() => total.evaluate({ lines: [{ price: 1 }, { price: 'x' }] })).toThrow(
      'float + string',
    );
    expect(total.evaluate({ lines: [{ price: 1 }, { price: 2 }] })).toBe(3);
  });
});

describe('numbers that are marked as integers', () => {
  const isEven = expression('quantity % 2 == 0', '/when');

  it('count as integers for %', () => {
    const record: JsonRecord = { quantity: 4, lines: [{ quantity: 3 }], customer: { age: 5 } };
    markIntegers(record, new Set(['quantity', 'lines[0].quantity', 'customer.age']));

    expect(isEven.evaluate(record)).toBe(true);
    expect(isEven.evaluate(copyOf(record))).toBe(true);
    expect(evaluate('lines[0].quantity % 2', record)).toBe(1);
    expect(evaluate('customer?.age % 2', record)).toBe(1);
    expect(evaluate('customer["age"] % 2', record)).toBe(1);
    expect(evaluate('$env.quantity % 3', record)).toBe(1);
    expect(evaluate('type(quantity)', record)).toBe('int');
  });

  it('are no longer integers when something else was written there', () => {
    const record: JsonRecord = { quantity: 4.5 };
    markIntegers(record, new Set(['quantity']));

    expect(() => isEven.evaluate(record)).toThrow('% needs integers, not float and int');
  });

  it('are found on the root record of a loop too, and a loop index is one by itself', () => {
    const root: JsonRecord = { quantity: 4 };
    markIntegers(root, new Set(['quantity']));
    const scope = { record: root, line: {}, _metadata: { loop: { line: { index: 3 } } } };

    expect(evaluate('record.quantity % 3', scope)).toBe(1);
    expect(evaluate('_metadata.loop.line.index % 2', scope)).toBe(1);
  });

  it('are not needed where the caller has integers: a bigint is one', () => {
    expect(
      evaluate('int(statusCode / 100) == 2 and statusCode % 100 == 4', { statusCode: 204n }),
    ).toBe(true);
  });
});

describe('a condition', () => {
  it.each([
    [true, true],
    [false, false],
    [null, false],
    [0, false],
    ['', false],
    [[], false],
    [{}, false],
    [1, true],
    [-0.5, true],
    ['false', true],
    [[null], true],
    [{ a: null }, true],
  ])('takes %j for %s', (value, expected) => {
    expect(condition('value', '/when')({ value })).toBe(expected);
    expect(isTruthy(value)).toBe(expected);
  });

  it('takes what is missing for false, and a date for true', () => {
    expect(condition('missing', '/when')({})).toBe(false);
    expect(condition('date(day)', '/when')({ day: '2026-01-15' })).toBe(true);
    expect(condition('[1.0][1:]', '/when')({})).toBe(false);
    expect(condition('len("")', '/when')({})).toBe(false);
    expect(isTruthy(0n)).toBe(false);
  });
});

describe('a fault at compile time', () => {
  it.each([
    ['status = "paid"', 8, 'Write `==` to compare.'],
    ['a AND b', 3, 'Write `and`.'],
    ['a & b', 3, 'Write `&&` or `and`.'],
    ['"C:\\dir"', 4, 'Write a backslash as `\\\\`, or put the text between backticks.'],
    ['any(tags, #acc)', 11, 'There are `#`, `#index`, and in `reduce` also `#acc`.'],
    ['# > 1', 1, 'It is the element at hand, as in `any(tags, # == "x")`.'],
    ['1 + if a { 1 } else { 2 }', 5, 'Put it in parentheses.'],
    ['let len = 1; len', 5, 'Choose another name.'],
  ])('says where it is and what to write: %s', (source, position, hint) => {
    expect(faultOf(() => expression(source, '/when'))).toMatchObject({
      code: 'expression.syntax',
      category: 'validation',
      retry: false,
      pointer: '/when',
      hint,
      details: { position },
    });
  });

  it.each([
    ['lenght(tags)', 'len'],
    ['size(tags)', 'len'],
    ['Len(tags)', 'len'],
    ['uper(name)', 'upper'],
    ['fitler(tags, true)', 'filter'],
    ['name | startswith("a")', undefined],
    ['average(numbers)', 'mean'],
    ['toJson(name)', 'toJSON'],
    ['date(x).year()', 'Year'],
  ])('names the function that was meant: %s', (source, near) => {
    const hint = near === undefined ? undefined : `Did you mean \`${near}\`?`;

    expect(faultOf(() => expression(source, '/when'))).toMatchObject({
      code: 'expression.unknown-function',
      hint,
    });
  });

  it('tells how many arguments a function takes', () => {
    const messages = ['upper()', 'concat()', 'reduce(1)', 'now(1)', 'date(x).AddDate(1)'].map(
      (source) => faultOf(() => expression(source, '/when'))?.message,
    );

    expect(messages).toEqual([
      '`upper` takes 1 argument and is given 0 at character 1.',
      '`concat` takes at least 1 argument and is given 0 at character 1.',
      '`reduce` takes 2 to 3 arguments and is given 1 at character 1.',
      '`now` takes 0 arguments and is given 1 at character 1.',
      '`AddDate` takes 3 arguments and is given 1 at character 9.',
    ]);
  });
});

describe('a fault for a record', () => {
  it.each([
    ['a.b.c', 'cannot fetch c from nil in `a.b.c`.', /\?\./],
    ['1 + (a < 3 ? 1 : 2)', 'invalid operation: map < int in `a < 3`.', undefined],
    ['missing > 3', 'invalid operation: nil > int in `missing > 3`.', /\?\?/],
    [
      'name and true',
      'invalid operation: and needs a boolean, not string, in `name and true`.',
      /!= ""/,
    ],
    ['(x) % 2', 'invalid operation: % needs integers, not float and int, in `(x) % 2`.', /int\(/],
    [
      'any(list, .x)',
      'invalid operation: the predicate gives nil, not a boolean, in `any(list, .x)`.',
      /!= nil/,
    ],
    ['len(missing)', 'invalid argument for len (type nil) in `len(missing)`.', /nil/],
    [
      'list contains 1',
      'invalid operation: array contains int in `list contains 1`.',
      /`x in list`/,
    ],
  ])('names the part that failed, and the way out: %s', (source, message, hint) => {
    const fault = faultOf(() => evaluate(source, { a: {}, name: 'Ada', x: 1, list: [{}] }));

    expect(fault).toMatchObject({
      code: 'expression.failed',
      category: 'unknown',
      pointer: '/parameters/0',
      message,
    });
    expect(fault?.hint ?? '').toMatch(hint ?? /^$/);
  });

  it('shows a long part in short', () => {
    const fault = faultOf(() => evaluate(`missing.a + "${'x'.repeat(200)}" + missing.b`));

    expect(fault?.message.length).toBeLessThan(120);
  });
});

describe('what it wants of the state', () => {
  it.each([
    ['state.lastId ?? 0', ['lastId']],
    ['state?.id', ['id']],
    ['state["timestamp"] + state.offset', ['timestamp', 'offset']],
    ['$env.state.id', ['id']],
    ['record.state.id', []],
    ['"state.id"', []],
    ['state', []],
  ])('%s', (source, names) => {
    expect([...expression(source, '/x').stateNames]).toEqual(names);
  });
});
