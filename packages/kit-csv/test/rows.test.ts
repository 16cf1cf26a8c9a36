import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, rowScanner, rowText } from '../src/index.ts';

const field = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', ' ', 'é', '🙂') }),
);
const row = fc.array(field, { minLength: 1, maxLength: 5 });
const delimiters = fc.constantFrom(',', ';', '\t', '|');
const withoutBreak = (text: string): string => text.slice(0, -1);

describe('a row', () => {
  it('is read as it was written, also by others', () => {
    fc.assert(
      fc.property(row, delimiters, (fields, delimiter) => {
        const text = rowText(fields, delimiter);

        expect(fieldsOf(withoutBreak(text), delimiter)).toEqual(fields);
        expect(parse(text, { delimiter, record_delimiter: '\n' })).toEqual([fields]);
      }),
    );
  });

  it.each([
    [['1', 'Ada', ''], '1,Ada,\n'],
    [['say "hi"', 'a,b', 'a\nb', 'a\rb'], '"say ""hi""","a,b","a\nb","a\rb"\n'],
    [[''], '""\n'],
    [['', ''], ',\n'],
    [[' a '], ' a \n'],
  ])('of %j is %j', (fields, text) => {
    expect(rowText(fields, ',')).toBe(text);
  });

  it.each([
    ['1,Ada', ['1', 'Ada']],
    ['1,Ada\r', ['1', 'Ada']],
    ['"1"\r', ['1']],
    ['', ['']],
    [',', ['', '']],
    ['"",""', ['', '']],
    ['"a""b","c\r\nd",', ['a"b', 'c\r\nd', '']],
  ])('%j has the fields %j', (text, fields) => {
    expect(fieldsOf(text, ',')).toEqual(fields);
  });

  it.each(['5" pipe', 'a,5" pipe', '"a', '"a""', '"a"b', '"a" ,b', '"'])('is not %j', (text) => {
    expect(() => fieldsOf(text, ',')).toThrow(expect.objectContaining({ code: 'csv.bad-quotes' }));
  });
});

describe('the end of a row', () => {
  it('is found in blocks of any size', () => {
    const blocks = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), delimiters, blocks, (rows, delimiter, block) => {
        const texts = rows.map((fields) => rowText(fields, delimiter));

        expect(piecesOf(Buffer.from(texts.join('')), delimiter, block)).toEqual(texts);
      }),
    );
  });

  it.each([
    ['a,5" pipe\nb,"c\n"\nd\n', ['a,5" pipe\n', 'b,"c\n"\n', 'd\n']],
    ['"a"b"\nc\n', ['"a"b"\nc\n'.slice(0, 6), 'c\n']],
    ['\n\r\na\r\n', ['\n', '\r\n', 'a\r\n']],
  ])('is found behind rows that are broken: %j', (text, rows) => {
    expect(piecesOf(Buffer.from(text), ',', 4096)).toEqual(rows);
    expect(piecesOf(Buffer.from(text), ',', 1)).toEqual(rows);
  });

  it('counts the line breaks inside', () => {
    const scanner = rowScanner(',');
    const bytes = Buffer.from('a,"b\n\nc"\nd\n');

    const breaks = [scanner.end(bytes, 0), scanner.innerBreaks, scanner.end(bytes, 9)];

    expect([...breaks, scanner.innerBreaks]).toEqual([8, 2, 10, 0]);
  });
});

/** Shows bytes block by block, and cuts them where rows end. */
function piecesOf(bytes: Buffer, delimiter: string, block: number): string[] {
  const scanner = rowScanner(delimiter);
  const pieces: string[] = [];
  let start = 0;
  for (let shown = 0; shown < bytes.length; shown += block) {
    const visible = bytes.subarray(0, shown + block);
    for (let end = scanner.end(visible, shown); end >= 0; end = scanner.end(visible, start)) {
      pieces.push(bytes.toString('utf8', start, end + 1));
      start = end + 1;
    }
  }
  return pieces;
}
