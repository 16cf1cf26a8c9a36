import type { Json, JsonRecord } from '@cannectors/core';
import written from './odd-records.json' with { type: 'json' };

const deepest = 500;

/** Records that a source may send on a bad day, by what is odd about them. */
export const oddRecords: Readonly<Record<string, JsonRecord>> = {
  ...(written as Record<string, JsonRecord>),
  'a whole number beyond 2^53': { id: 9_223_372_036_854_775_807n, name: 'exact' },
  // As a parser of JSON makes it: an own key, not the prototype.
  'a key named __proto__': JSON.parse('{"__proto__":{"polluted":true},"id":1}') as JsonRecord,
  'half a character': { id: 1, name: '\ud800' },
  'very deep': nested(deepest),
  'very wide': Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`key${n}`, n])),
  'very long': {
    id: 1,
    name: 'x'.repeat(1_000_000),
    tags: Array.from({ length: 20_000 }, () => 'tag'),
  },
};

const oddValues: readonly Json[] = [
  null,
  '',
  ' ',
  '0',
  'Ünïcödé 🧑‍🚀',
  true,
  0,
  -1.5,
  2n ** 63n,
  [],
  [null],
  [[1], { a: 1 }],
  {},
  { a: { b: [1] } },
];

/** A record with one field after the other replaced by something else than the filter may expect. */
export function* disturbed(record: JsonRecord): Generator<[string, JsonRecord]> {
  for (const key of Object.keys(record)) {
    const { [key]: _, ...rest } = record;
    yield [`without \`${key}\``, structuredClone(rest)];
    for (const [index, value] of oddValues.entries()) {
      yield [
        `odd value ${index} in \`${key}\``,
        { ...structuredClone(rest), [key]: structuredClone(value) },
      ];
    }
  }
}

function nested(depth: number): JsonRecord {
  let record: JsonRecord = { id: 'innermost' };
  for (let level = 0; level < depth; level++) {
    record = { id: level, customer: record, tags: [{ level }] };
  }
  return record;
}
