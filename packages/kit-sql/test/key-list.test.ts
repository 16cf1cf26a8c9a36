import { expect, it } from 'vitest';
import type { Driver } from '../src/database.ts';
import { type KeyList, keyListOf } from '../src/statement/key-list.ts';

function found(text: string, driver?: Driver): KeyList {
  const list = keyListOf(text, driver);
  if (typeof list === 'string') throw new Error(list);
  return list;
}

it.each<[string, Driver, string, unknown[], string]>([
  ['one value', 'postgres', 'SELECT * FROM a WHERE id IN ($1) ORDER BY b', [7], '$1, $2'],
  ['one value', 'mysql', 'SELECT * FROM a WHERE id IN (?) ORDER BY b', [7], '?, ?'],
  ['one value', 'sqlite', 'SELECT * FROM a WHERE id in(?) ORDER BY b', [7], '?, ?'],
])('widens a list of %s for %s', (_title, driver, text, key, list) => {
  const made = found(text, driver).widened([key as number[], [8]], []);

  expect(made.text).toBe(text.replace(/\$1|\?/, list));
  expect(made.values).toEqual([7, 8]);
});

it.each([
  ['IN (($1, $2))', 'IN (($1, $2), ($3, $4))', 'IN ((?, ?))', 'IN ((?, ?), (?, ?))'],
  [
    'IN (VALUES ($1, $2))',
    'IN (VALUES ($1, $2), ($3, $4))',
    'IN (VALUES (?, ?))',
    'IN (VALUES (?, ?), (?, ?))',
  ],
  [
    'IN (VALUES ROW($1, $2))',
    'IN (VALUES ROW($1, $2), ROW($3, $4))',
    'IN (VALUES ROW(?, ?))',
    'IN (VALUES ROW(?, ?), ROW(?, ?))',
  ],
  [
    'IN (( $1::int, lower($2) ))',
    'IN (( $1::int, lower($2) ), ( $3::int, lower($4) ))',
    'IN ((CAST(? AS int), lower(?)))',
    'IN ((CAST(? AS int), lower(?)), (CAST(? AS int), lower(?)))',
  ],
])('widens a list of keys with two values: %s', (postgres, widened, mysql, mysqlWidened) => {
  const keys = [
    [1, 'a'],
    [2, 'b'],
  ];
  const query = 'SELECT * FROM t WHERE (a, b) ';

  const both = [found(query + postgres, 'postgres'), found(query + mysql, 'mysql')] as const;

  expect(both.map(({ width }) => width)).toEqual([2, 2]);
  expect(both[0].widened(keys, [])).toEqual({ text: query + widened, values: [1, 'a', 2, 'b'] });
  expect(both[1].widened(keys, [])).toEqual({
    text: query + mysqlWidened,
    values: [1, 'a', 2, 'b'],
  });
});

it('keeps the values around the list in their places', () => {
  const postgres = found('SELECT $1 FROM t WHERE a = $2 AND id IN ($3) AND b > $2', 'postgres');
  const mysql = found('SELECT ? FROM t WHERE a = ? AND id IN (?) AND b > ?', 'mysql');

  expect(postgres.split(['x', 'y', 7])).toEqual({ key: [7], others: ['x', 'y'] });
  expect(postgres.widened([[7], [8]], ['x', 'y'])).toEqual({
    text: 'SELECT $1 FROM t WHERE a = $2 AND id IN ($3, $4) AND b > $2',
    values: ['x', 'y', 7, 8],
  });
  expect(mysql.split(['x', 'y', 7, 'y'])).toEqual({ key: [7], others: ['x', 'y', 'y'] });
  expect(mysql.widened([[7], [8]], ['x', 'y', 'z'])).toEqual({
    text: 'SELECT ? FROM t WHERE a = ? AND id IN (?, ?) AND b > ?',
    values: ['x', 'y', 7, 8, 'z'],
  });
});

it('fills a list up to a power of two, so that few statements are made', () => {
  const list = found('SELECT * FROM t WHERE id IN (?)', 'sqlite');
  const texts = Array.from({ length: 64 }, (_, index) => {
    return list.widened(
      Array.from({ length: index + 1 }, (_none, key) => [key]),
      [],
    );
  });

  expect(new Set(texts.map(({ text }) => text)).size).toBe(7);
  expect(texts[4]?.values).toEqual([0, 1, 2, 3, 4, 4, 4, 4]);
});

it.each([
  ["SELECT 'IN (x)' FROM t /* IN ($1) */ WHERE id IN ($1) -- IN ($9)", 'IN ($1, $2) -- IN ($9)'],
  ["SELECT * FROM t WHERE a IN ('x', 'y') AND id IN ($1)", "a IN ('x', 'y') AND id IN ($1, $2)"],
  ['SELECT * FROM t WHERE a IN (SELECT b FROM u WHERE c IN ($1))', 'c IN ($1, $2))'],
  ['SELECT (SELECT x FROM u LIMIT 1) FROM t WHERE id IN ($1)', 'IN ($1, $2)'],
  ['SELECT "in ($1" FROM t WHERE id IN\n(\n$1\n)', 'IN\n(\n$1, $2\n)'],
])('finds the list in %j', (text, end) => {
  const made = found(text, 'postgres').widened([[1], [2]], []);

  expect(made.text.endsWith(end)).toBe(true);
});

it.each([
  ['SELECT * FROM t WHERE id = $1', 'none'],
  ['SELECT * FROM t', 'none'],
  ["SELECT * FROM t WHERE id IN ('$1')", 'none'],
  ['SELECT * FROM t WHERE a IN ($1) OR b IN ($2)', 'several'],
  ['SELECT * FROM t WHERE id NOT IN ($1)', 'negated'],
  ['SELECT * FROM t WHERE id IN ($1, $2)', 'long'],
  ['SELECT * FROM t WHERE id IN ($1) AND $1 > 0', 'shared'],
  ['SELECT * FROM t WHERE (a, b) IN (($1, $1))', 'shared'],
  ['SELECT * FROM t WHERE id IN ($1) LIMIT 1', 'cut'],
  ['SELECT * FROM t WHERE id IN ($1) FETCH FIRST ROW ONLY', 'cut'],
])('says of %s why it has none', (text, reason) => {
  expect(keyListOf(text)).toBe(reason);
  expect(keyListOf(text, 'postgres')).toBe(reason);
});

it.each(['IN (', 'IN ($1', 'IN ($1))))', 'IN ((((($1', ')) IN ($1) ((', 'IN IN IN ($1)'])(
  'survives %j',
  (text) => {
    expect(() => keyListOf(text, 'postgres')).not.toThrow();
  },
);
