import type { Json, JsonRecord } from '@cannectors/core';
import { expect, it } from 'vitest';
import { columnsByName, columnsByPath, columnsOf } from '../src/columns.ts';

const records = Array.from({ length: 1000 }, (_, id) => {
  const at = '2026-01-02T03:04:05Z';
  const record = { id, name: `record ${id}`, total: id / 3, at, isNew: id % 2 === 0, note: null };
  return JSON.parse(JSON.stringify(record)) as JsonRecord;
});
const [first = {}] = records;
const names = Object.keys(first);
const key = ['id'];

type Row = (record: JsonRecord) => Json[];

const byHand: Row = ({ id, name, total, at, isNew, note }) =>
  [id, name, total, at, isNew, note] as Json[];
const other = Object.fromEntries(Object.entries(first).toReversed());
const rows: Readonly<Record<string, Row>> = {
  names: columnsByName(names, key).row,
  paths: columnsByPath(Object.fromEntries(names.map((name) => [name, name])), key).row,
  'keys in their order': columnsOf(first, key)?.row ?? byHand,
  'keys in another order': columnsOf(other, key)?.row ?? byHand,
};

function build(row: Row): Json[][] {
  const built: Json[][] = [];
  for (const record of records) built.push(row(record));
  return built;
}

it('rows cost at most six times what they cost by hand', async ({ bench }) => {
  const result = await bench.compare(
    bench('by hand', () => build(byHand)),
    ...Object.entries(rows).map(([name, row]) => bench(name, () => build(row))),
  );

  const cost = (name: string): number =>
    result.get(name).latency.min / result.get('by hand').latency.min;
  expect(cost('names')).toBeLessThan(6);
  expect(cost('paths')).toBeLessThan(6);
  expect(cost('keys in their order')).toBeLessThan(6);
  expect(cost('keys in their order') * 1.5).toBeLessThan(cost('keys in another order'));
});
