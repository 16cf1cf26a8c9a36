import { describe, expect, it } from 'vitest';
import { readingOf } from './reading-a-file.ts';

const ids = (records: readonly object[]): unknown[] =>
  records.map((record) => (record as { id?: unknown }).id);

/** Blocks of one byte find every boundary, one block holds everything. */
const blocks = [1, 7, 4096];

describe.each(blocks)('in blocks of %i bytes', (block) => {
  it.each([
    ['{"id":', 'record.not-json'],
    ['{"id":1}{"id":2}', 'record.not-json'],
    ['[1]', 'file.not-an-object'],
    ['null', 'file.not-an-object'],
    [`${'{"a":'.repeat(513)}1${'}'.repeat(513)}`, 'record.too-deep'],
    ['{"a":1e999}', 'record.number-too-large'],
  ])('names the line that is %s', async (line, code) => {
    const content = `{"id":1}\n\n${line}\n{"id":2}\n`;

    const { records, unreadable, fault } = await readingOf({ name: 'a.ndjson', content, block });

    expect(fault).toBe(undefined);
    expect(ids(records)).toEqual([1, 2]);
    expect(unreadable).toEqual([{ raw: line, code, at: 3 }]);
  });

  it.each([
    ['{"id":}', 'record.not-json'],
    ['[{"id":1}]', 'file.not-an-object'],
    ['null', 'file.not-an-object'],
    ['{"id":1}}', 'record.not-json'],
    ['', 'record.not-json'],
  ])('names the element that is %s', async (element, code) => {
    const content = `{"data":[{"id":1},${element},{"id":2}],"more":1}`;

    const { records, unreadable, fault } = await readingOf({ name: 'a.json', content, block });

    expect(fault).toBe(undefined);
    expect(ids(records)).toEqual([1, 2]);
    expect(unreadable).toEqual([{ raw: element, code, at: 1 }]);
  });

  it.each([
    ['2', 'file.wrong-field-count'],
    ['2,Grace,x', 'file.wrong-field-count'],
    ['2,5" pipe', 'csv.bad-quotes'],
    ['2,"Grace"x', 'csv.bad-quotes'],
  ])('names the row that is %s', async (row, code) => {
    const content = `id,name\r\n\r\n1,"Ada\r\nLovelace"\r\n${row}\r\n3,"Al""an"\r\n`;

    const { records, unreadable, fault } = await readingOf({ name: 'a.csv', content, block });

    expect(fault).toBe(undefined);
    expect(records).toEqual([
      { id: '1', name: 'Ada\r\nLovelace' },
      { id: '3', name: 'Al"an' },
    ]);
    expect(unreadable).toEqual([{ raw: `${row}\r`, code, at: 5 }]);
  });

  it('names a quoted field that never ends', async () => {
    const content = 'id,name\n1,Ada\n2,"Grace\n3,Alan\n';

    const { records, unreadable } = await readingOf({ name: 'a.csv', content, block });

    expect(ids(records)).toEqual(['1']);
    expect(unreadable).toEqual([{ raw: '2,"Grace\n3,Alan\n', code: 'csv.bad-quotes', at: 3 }]);
  });

  it.each(['ndjson', 'json', 'csv'])('refuses bytes that are not UTF-8 in %s', async (format) => {
    const [start, between, end] = {
      ndjson: ['', '\n', '\n'],
      json: ['[', ',', ']'],
      csv: ['a\n', '\n', ''],
    }[format] as [string, string, string];
    const record = (text: string | Buffer): Buffer =>
      format === 'csv'
        ? Buffer.from(text)
        : Buffer.concat([Buffer.from('{"a":"'), Buffer.from(text), Buffer.from('"}')]);
    const broken = Buffer.from([0x61, 0xc3, 0x28]);
    const content = Buffer.concat([
      Buffer.from(start),
      record('é🙂'),
      Buffer.from(between),
      record(broken),
      Buffer.from(between),
      record('\uFFFD'),
      Buffer.from(end),
    ]);

    const { records, unreadable } = await readingOf({ name: `a.${format}`, content, block });

    expect(records).toEqual([{ a: 'é🙂' }, { a: '\uFFFD' }]);
    expect(unreadable).toMatchObject([
      { code: 'file.not-utf8', at: { json: 1, csv: 3, ndjson: 2 }[format] },
    ]);
  });

  it.each(['ndjson', 'json', 'csv'])(
    'passes over a record that is too large in %s',
    async (format) => {
      const large = 'x'.repeat(3000);
      const content = {
        ndjson: `{"id":"1"}\n{"id":"${large}"}\n{"id":"3"}\n`,
        json: `[{"id":"1"},{"id":"${large},]}\\""},{"id":"3"}]`,
        csv: `id\n1\n"${large}\n"\n3\n`,
      }[format];

      const { records, unreadable, fault } = await readingOf({
        name: `a.${format}`,
        content: content ?? '',
        block,
        maxRecordBytes: 100,
      });

      expect(fault).toBe(undefined);
      expect(ids(records)).toEqual(['1', '3']);
      expect(unreadable).toMatchObject([
        { code: 'file.record-too-large', at: format === 'json' ? 1 : format === 'csv' ? 3 : 2 },
      ]);
      expect(unreadable[0]?.raw.length).toBeLessThanOrEqual(1024);
      expect(unreadable[0]?.raw).toContain('xxx');
    },
  );

  it('names a last line that is too large', async () => {
    const content = `{"id":1}\n{"id":"${'x'.repeat(3000)}`;

    const { records, unreadable } = await readingOf({
      name: 'a.ndjson',
      content,
      block,
      maxRecordBytes: 100,
    });

    expect(ids(records)).toEqual([1]);
    expect(unreadable).toMatchObject([{ code: 'file.record-too-large', at: 2 }]);
  });
});

it('says where a record stands', async () => {
  const { chunks } = await readingOf({ name: 'a.ndjson', content: '{"id":1}\n[]\n' });

  expect(chunks[0]?.unreadable?.[0]?.fault).toMatchObject({
    code: 'file.not-an-object',
    message: 'a.ndjson, line 2: Expected a JSON object, got array.',
    category: 'validation',
    retry: false,
  });
});

describe('a JSON file that is none', () => {
  it.each([
    ['', 'file.not-json'],
    ['  ', 'file.not-json'],
    ['[{"id":1},{"id":2', 'file.not-json'],
    ['[{"id":1}', 'file.not-json'],
    ['[{"id":1}] [', 'file.not-json'],
    ['{"data":[{"id":1}]', 'file.not-json'],
    ['{"data":[{"id":1}]}{}', 'file.not-json'],
    ['{data:[]}', 'file.not-json'],
    ['{"data" []}', 'file.not-json'],
    ['{"data', 'file.not-json'],
    ['{"\\q":1}', 'file.not-json'],
    [`{"${'k'.repeat(70_000)}":1}`, 'file.not-json'],
    ['{"a":"', 'file.not-json'],
    ['null', 'file.no-list'],
    ['"text"', 'file.no-list'],
    ['{"id":1}', 'file.no-list'],
    ['{"data":{}}', 'file.no-list'],
  ])('ends the run: %s', async (content, code) => {
    const { fault } = await readingOf({ name: 'a.json', content, block: 8 });

    expect(fault).toMatchObject({ code });
  });

  it('hands out the records before the place where it breaks', async () => {
    const { records, fault } = await readingOf({ name: 'a.json', content: '[{"id":1},{"id":2},{' });

    expect(ids(records)).toEqual([1, 2]);
    expect(fault).toMatchObject({ code: 'file.not-json' });
  });
});

describe('the list of a JSON document', () => {
  it.each([
    ['a', '{"a":{}}', 'expected array, got object'],
    ['a.b', '{"a":[]}', 'expected object, got array'],
    ['a.b', '{"a":"x"}', 'expected object, got string'],
    ['a.b', '{"b":[]}', 'not found'],
    ['a[1]', '{"a":[[]]}', 'not found'],
    ['a[1].b', '{"a":[1,{"c":[]}]}', 'not found'],
    ['a..b', '{"a":[]}', 'not found'],
  ])('is not at %s of %s', async (dataField, content, reason) => {
    const { fault } = await readingOf({ name: 'a.json', content, dataField });

    expect(fault).toMatchObject({ code: 'file.no-list', message: expect.stringContaining(reason) });
  });

  it.each([
    '{"items":null,"results":[{"id":1}]}',
    '{"next":{"data":[{"id":2}]},"records":[{"id":1}],"x":[1]}',
    '{"data":[{"id":1}],"items":[{"id":2}]}',
    '[{"id":1}]',
  ])('is found in %s', async (content) => {
    const { records, fault } = await readingOf({ name: 'a.json', content });

    expect(fault).toBe(undefined);
    expect(ids(records)).toEqual([1]);
  });

  it('is in doubt where a likelier one follows', async () => {
    const content = '{"items":[{"id":1}],"data":[{"id":2}]}';

    const { fault } = await readingOf({ name: 'a.json', content });

    expect(fault).toMatchObject({ code: 'file.two-lists' });
  });

  it('is a root list, whatever dataField says', async () => {
    const { records } = await readingOf({
      name: 'a.json',
      content: '[{"id":1}]',
      dataField: 'a.b',
    });

    expect(ids(records)).toEqual([1]);
  });
});

describe('the header of a CSV file', () => {
  it.each(['id,id\n1,2\n', 'id,"na\n', 'id,na"me\n1,2\n', 'x'.repeat(200)])(
    'refuses %j',
    async (content) => {
      const { fault } = await readingOf({ name: 'a.csv', content, maxRecordBytes: 100 });

      expect(fault).toMatchObject({ code: 'file.bad-header' });
    },
  );

  it('may be all there is', async () => {
    const { records, fault } = await readingOf({ name: 'a.csv', content: 'id,name' });

    expect([records, fault]).toEqual([[], undefined]);
  });

  it('may be absent in an empty file', async () => {
    const { records, fault } = await readingOf({ name: 'a.csv', content: '\n\n' });

    expect([records, fault]).toEqual([[], undefined]);
  });

  it('makes plain keys, also of names that mean something', async () => {
    const { records } = await readingOf({ name: 'a.csv', content: '__proto__,constructor\na,b\n' });

    expect(Object.entries(records[0] ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(Object.getPrototypeOf(records[0])).toBe(Object.prototype);
  });
});
