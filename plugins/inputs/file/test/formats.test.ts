import type { JsonRecord } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';
import { parse as parseCsv } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Given, readingOf } from './reading-a-file.ts';

/** Texts with everything that has a meaning in one of the formats, and characters of 1 to 4 bytes. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', ',', ';', '\n', '\r', '[', ']', '{', '}', 'é', '🙂'),
  }),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }),
    fc.constantFrom(null, true, false),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(text, tie('any'), { maxKeys: 3 }),
  ),
})).any;
const records = fc.array(fc.dictionary(text, value, { maxKeys: 4 }), { maxLength: 8 });
const blocks = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(4096));
const blank = fc.constantFrom('', ' ', '\n', '\r\n', ' \t');
const mark = fc.constantFrom('', '\uFEFF');
const objects = records as unknown as fc.Arbitrary<JsonRecord[]>;

const asText = (record: JsonRecord): string => jsonText(record);

/** What is read, as JSON; what is not, as its code. */
async function read(given: Given): Promise<unknown[]> {
  const { fault, unreadable, records: found } = await readingOf(given);
  if (fault !== undefined) return [fault];
  return unreadable.length > 0 ? unreadable : found.map(asText);
}

describe('any records, in blocks of any size', () => {
  it('come out of NDJSON as they are', async () => {
    const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n', '\n \r\n');
    await fc.assert(
      fc.asyncProperty(
        objects,
        blocks,
        lineEnd,
        mark,
        fc.boolean(),
        async (given, block, ...layout) => {
          const [end, start, isEnded] = layout;
          const content = start + given.map(asText).join(end) + (isEnded ? end : '');
          expect(await read({ name: 'a.ndjson', content, block })).toEqual(given.map(asText));
        },
      ),
    );
  });

  it('come out of a JSON list as they are', async () => {
    await fc.assert(
      fc.asyncProperty(objects, blocks, blank, mark, async (given, block, space, start) => {
        const list = given.map((record) => `${space}${jsonText(record)}${space}`).join(',');
        expect(
          await read({ name: 'a.json', content: `${start}[${list}${space}]${space}`, block }),
        ).toEqual(given.map(asText));
      }),
    );
  });

  it('come out of a list inside a JSON document', async () => {
    await fc.assert(
      fc.asyncProperty(objects, blocks, value, value, async (given, block, before, after) => {
        const around = { [`x"y\\`]: before, 'é🙂': [before] };
        const content = jsonText({
          ...around,
          a: { ...around, b: [1, before, { c: given, after }, after] },
          after,
        } as JsonRecord);
        expect(await read({ name: 'a.json', content, block, dataField: 'a.b[2].c' })).toEqual(
          given.map(asText),
        );
      }),
    );
  });

  it('come out of CSV as texts, as csv-parse reads them', async () => {
    const cell = text.map((content) => content.replaceAll('\0', ''));
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }),
      );
    const layout = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      end: fc.constantFrom('\n', '\r\n'),
      isEnded: fc.boolean(),
      isQuoted: fc.boolean(),
      start: mark,
    });
    await fc.assert(
      fc.asyncProperty(table, blocks, layout, async (rows, block, options) => {
        const { delimiter, end, isEnded, isQuoted, start } = options;
        const names = (rows[0] ?? ['x']).map((_, index) => `c${index}`);
        const written = (fields: string[]): string =>
          fields
            .map((field) => quoted(field, delimiter, isQuoted || fields.length === 1))
            .join(delimiter);
        const content = start + [names, ...rows].map(written).join(end) + (isEnded ? end : '');
        const wanted = parseCsv(content, { delimiter, columns: true, bom: true }) as JsonRecord[];

        expect(wanted).toHaveLength(rows.length);
        expect(
          await read({ name: 'a.csv', content, block, csv: { delimiter, header: true } }),
        ).toEqual(wanted.map(asText));
      }),
    );
  });
});

it.each([
  ['a.ndjson', '', '\n', (id: number) => `{"id":"${id}"}`],
  ['a.json', '[', ',\n', (id: number) => `{"id":"${id}"}`],
  ['a.csv', 'id\n', '\n', String],
] as const)('100 000 records come out of %s in order', async (name, start, between, text) => {
  const wanted = Array.from({ length: 100_000 }, (_, id) => ({ id: String(id) }));
  const end = name === 'a.json' ? ']' : '\n';
  const content = start + wanted.map((_, id) => text(id)).join(between) + end;

  const { records: found, chunks } = await readingOf({ name, content, block: 50_000 });

  expect(found).toEqual(wanted);
  expect(chunks.length).toBeGreaterThan(10);
});

function quoted(field: string, delimiter: string, always: boolean): string {
  const needs = always || /["\r\n]/.test(field) || field.includes(delimiter);
  return needs ? `"${field.replaceAll('"', '""')}"` : field;
}
