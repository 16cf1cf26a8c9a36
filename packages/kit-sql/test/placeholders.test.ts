import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Driver } from '../src/database.ts';
import { partsOf } from '../src/statement/placeholders.ts';
import { planOf } from '../src/statement/plan.ts';

const drivers = ['postgres', 'mysql', 'sqlite'] as const;

function numbersIn(sql: string, driver?: Driver): number[] {
  return [...partsOf(sql, driver)]
    .filter(({ kind }) => kind === 'placeholder')
    .map(({ number }) => number);
}

describe('placeholders', () => {
  it.each([
    ['a literal', `SELECT '$1' || $2`],
    ['a literal with a quote', `SELECT 'it''s $1' || $2`],
    ['a quoted name', `SELECT "a$1""b $1" || $2`],
    ['a line comment', `SELECT -- $1 '\n $2`],
    ['a block comment', `SELECT /* $1 " */ $2`],
    ['a dollar quote', `SELECT $$ $1 ' $$, $2`],
    ['a dollar quote with a tag', `SELECT $body$ $$ $1 $other$ $body$, $2`],
    ['a name', `SELECT price$1, PRICE$1, $2`],
    ['an empty literal', `SELECT '', $2`],
  ])('are none in %s', (_, sql) => {
    expect(numbersIn(sql)).toEqual([2]);
    for (const driver of drivers) expect(numbersIn(sql, driver)).toEqual([2]);
  });

  it.each([
    [`SELECT 'open $1`],
    [`SELECT "open $1`],
    ['SELECT /* open $1'],
    ['SELECT -- open $1'],
    ['SELECT $$ open $1'],
    ['SELECT $x$ open $1 $$'],
  ])('are none in what is not closed: %s', (sql) => {
    for (const driver of [undefined, ...drivers]) expect(numbersIn(sql, driver)).toEqual([]);
  });

  it.each([
    ['$1', [1]],
    ['$1$2', [1, 2]],
    ['$1::text', [1]],
    ['a=$1', [1]],
    ['($12,$3)', [12, 3]],
    ['5-$1--$2', [1]],
    ['$0', [0]],
    [`'a'$1'b'`, [1]],
  ])('stand anywhere else: %s', (sql, numbers) => {
    expect(numbersIn(sql)).toEqual(numbers);
  });

  it.each<[Driver, string, number[]]>([
    ['postgres', `SELECT E'it\\'s $1', $2`, [2]],
    ['postgres', `SELECT 'C:\\', $2`, [2]],
    ['postgres', 'SELECT /* /* */ $1 */ $2', [2]],
    ['postgres', 'SELECT a # $2', [2]],
    ['mysql', `SELECT 'it\\'s $1', $2`, [2]],
    ['mysql', `SELECT "it\\"s $1", $2`, [2]],
    ['mysql', 'SELECT /* /* */ $2', [2]],
    ['mysql', 'SELECT 1 # $1\n, $2', [2]],
    ['mysql', 'SELECT 5--$2', [2]],
    ['mysql', 'SELECT `a$1 `, $2', [2]],
    ['sqlite', `SELECT 'C:\\', $2`, [2]],
    ['sqlite', 'SELECT `a $1`, $2', [2]],
  ])('follow the rules of %s in %s', (driver, sql, numbers) => {
    expect(numbersIn(sql, driver)).toEqual(numbers);
  });
});

describe('a plan', () => {
  it.each<[Driver, string, number[]]>([
    ['postgres', 'a = $1 OR b = $2 OR c = $1', [1, 0]],
    ['mysql', 'a = ? OR b = ? OR c = ?', [1, 0, 1]],
    ['sqlite', 'a = ? OR b = ? OR c = ?', [1, 0, 1]],
  ])('writes placeholders as %s wants them', (driver, text, order) => {
    expect(planOf('a = $2 OR b = $1 OR c = $2', driver, '/query')).toEqual({ text, order });
  });

  it.each<[Driver, string]>([
    ['mysql', 'SELECT ?, $1'],
    ['sqlite', 'SELECT ?, $1'],
    ['sqlite', 'SELECT ?2, $1'],
    ['sqlite', 'SELECT :name, $1'],
    ['sqlite', 'SELECT @name, $1'],
    ['sqlite', 'SELECT $name, $1'],
  ])('refuses the placeholders of %s itself: %s', (driver, sql) => {
    expect(() => planOf(sql, driver, '/query')).toThrow(
      expect.objectContaining({ code: 'sql.foreign-mark', pointer: '/query' }),
    );
  });

  it.each<[Driver, string]>([
    ['postgres', `SELECT data ? 'a', data @> '{}', x::text, a[1:2]`],
    ['mysql', 'SELECT @x := 1'],
    ['sqlite', `SELECT '?', "a?", data -> '$.a'`],
  ])('leaves operators of %s alone: %s', (driver, sql) => {
    expect(planOf(sql, driver, '/query').text).toBe(sql);
  });
});

describe('whatever the statement', () => {
  /** Text that holds no sign of its own beginning or end. */
  const inner = fc.string({ unit: fc.constantFrom('a', ' ', '$1', '?', '\n', 'é', ';', '{') });
  const hidden = fc.oneof(
    inner.map((text) => `'${text}''${text}'`),
    inner.map((text) => `"${text}""${text}"`),
    inner.map((text) => `-- ${text.replaceAll('\n', '')}\n`),
    inner.map((text) => `/* ${text} */`),
    inner.map((text) => `$tag$ ${text} $tag$`),
  );
  const plain = fc.constantFrom(' ', 'SELECT ', ',', ' = ', '(', ')', ' a.b ', '\n', '1 ', ' + ');
  const value = fc.integer({ min: 1, max: 12 });
  const pieces = fc.array(
    fc.oneof(
      hidden.map((text) => ({ text, value: undefined })),
      plain.map((text) => ({ text, value: undefined })),
      value.map((number) => ({ text: `$${number}`, value: number })),
    ),
  );

  it('finds the placeholders outside of what hides them, and no other', () => {
    fc.assert(
      fc.property(pieces, fc.constantFrom(...drivers), (all, driver) => {
        // A blank keeps two literals from becoming one, and `$1` from becoming `$12`.
        const sql = all.map(({ text }) => text).join(' ');
        const expected = all.flatMap(({ value: number }) => number ?? []);

        expect(numbersIn(sql, driver)).toEqual(expected);
      }),
    );
  });

  it('changes nothing but the placeholders', () => {
    fc.assert(
      fc.property(pieces, fc.constantFrom(...drivers), (all, driver) => {
        const sql = all.map(({ text }) => text).join(' ');
        const { text, order } = planOf(sql, driver, '/query');

        let at = 0;
        const expected = all.map((piece) => {
          if (piece.value === undefined) return piece.text;
          const place = driver === 'postgres' ? order.indexOf(piece.value - 1) : at++;
          expect(order[place]).toBe(piece.value - 1);
          return driver === 'postgres' ? `$${place + 1}` : '?';
        });
        expect(text).toBe(expected.join(' '));
      }),
    );
  });

  it('covers any text without an overlap, and ends', () => {
    const signs = fc.string({
      unit: fc.constantFrom(...Array.from(`'"\`$#?;:@-/*\\ \nEea1_é`), '$1', '$$', '/*', '*/'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(signs, fc.constantFrom(undefined, ...drivers), (sql, driver) => {
        let at = 0;
        for (const { from, to } of partsOf(sql, driver)) {
          expect(from).toBeGreaterThanOrEqual(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(at).toBeLessThanOrEqual(sql.length);
      }),
    );
  });

  it('is read once, however long: a million quotes', () => {
    const sql = `${`''`.repeat(1_000_000)}, $1 ${'/*'.repeat(200_000)}`;

    expect(numbersIn(sql, 'postgres')).toEqual([1]);
  });
});
