import {
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type Item, itemOf, type JsonRecord } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { batchOf, signal, temporaryFolder, writingTo } from './writing-a-file.ts';

const place = (name: string): string => path.join(temporaryFolder(), name);
const content = (file: string): string => readFileSync(file, 'utf8');
const ada = { id: 1, name: 'Ada' };

describe('append', () => {
  it('makes the folders on the way', async () => {
    const file = path.join(temporaryFolder(), 'a', 'b', 'c.ndjson');
    const { output } = await writingTo(file);

    await output.write(batchOf([ada]), signal);

    expect(content(file)).toBe('{"id":1,"name":"Ada"}\n');
  });

  it('adds to what stands there, batch by batch and run by run', async () => {
    const file = place('a.ndjson');
    writeFileSync(file, '{"id":0}\n');
    const first = await writingTo(file);
    await first.output.write(batchOf([ada, { id: 2 }]), signal);
    await first.output.write(batchOf([{ id: 3 }]), signal);
    await first.output.close?.();

    const second = await writingTo(file);
    await second.output.write(batchOf([{ id: 4 }]), signal);

    expect(content(file)).toBe('{"id":0}\n{"id":1,"name":"Ada"}\n{"id":2}\n{"id":3}\n{"id":4}\n');
  });

  it('keeps every digit and every key', async () => {
    const file = place('a.ndjson');
    const { output } = await writingTo(file);
    const record = JSON.parse('{"__proto__":"x","text":"\\u2028 é 🙂"}') as JsonRecord;

    await output.write(batchOf([{ ...record, id: 12_345_678_901_234_567_890n }, record]), signal);

    expect(content(file).split('\n')).toEqual([
      '{"__proto__":"x","text":"\u2028 é 🙂","id":12345678901234567890}',
      '{"__proto__":"x","text":"\u2028 é 🙂"}',
      '',
    ]);
  });

  it('writes a batch of any size', async () => {
    const file = place('a.ndjson');
    const { output } = await writingTo(file);
    const records = Array.from({ length: 100_000 }, (_, id) => ({
      id,
      text: 'é🙂'.repeat(id % 9),
    }));

    await output.write(batchOf(records), signal);

    expect(content(file)).toBe(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  });

  it('cuts off what a batch has left when it fails', async () => {
    const file = place('a.ndjson');
    writeFileSync(file, '{"id":0}\n');
    const { output } = await writingTo(file);
    const abort = new AbortController();
    const large = (id: number): Item => itemOf({ id, text: 'x'.repeat(700_000) });
    const sizes: number[] = [];
    const items = [
      large(1),
      large(2),
      {
        meta: {},
        get record() {
          sizes.push(statSync(file).size);
          abort.abort(new Error('the run is over'));
          return large(3).record;
        },
      },
      large(4),
    ];

    await expect(output.write({ ...batchOf([]), items }, abort.signal)).rejects.toThrow('is over');

    expect(sizes[0]).toBeGreaterThan(1_000_000);
    expect(content(file)).toBe('{"id":0}\n');
    await output.write(batchOf([ada]), signal);
    expect(content(file)).toBe('{"id":0}\n{"id":1,"name":"Ada"}\n');
  });

  it.runIf(existsSync('/dev/full'))('says when the disk is full', async () => {
    const file = place('a.ndjson');
    symlinkSync('/dev/full', file);
    const { output } = await writingTo(file);

    await expect(output.write(batchOf([ada]), signal)).rejects.toMatchObject({
      code: 'file.unwritable',
      retry: true,
    });
  });

  it('says when the file cannot be opened', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'file'), '');
    mkdirSync(path.join(folder, 'folder.ndjson'));
    const refused = { code: 'file.unwritable', retry: false, pointer: '/path' };

    await expect(writingTo(path.join(folder, 'file', 'a.ndjson'))).rejects.toMatchObject(refused);
    await expect(writingTo(path.join(folder, 'folder.ndjson'))).rejects.toMatchObject(refused);
  });
});

describe('a last line without a line break', () => {
  const torn = Buffer.from('{"id":1}\n{"a":"é').subarray(0, -1);

  it.each([
    ['a.ndjson', '', ''],
    ['a.ndjson', '{"id":1}', '{"id":1}\n'],
    ['a.ndjson', '{"id":1}\n{"id":2', '{"id":1}\n'],
    ['a.ndjson', '{"id":1', ''],
    ['a.ndjson', torn, '{"id":1}\n'],
    ['a.ndjson', `{"id":1}\n{"id":"${'x'.repeat(100_000)}`, '{"id":1}\n'],
    ['a.ndjson', `{"id":"${'x'.repeat(100_000)}"}`, `{"id":"${'x'.repeat(100_000)}"}\n`],
    ['a.csv', 'id,name', 'id,name\n'],
    ['a.csv', 'id,name\n2,Grace', 'id,name\n2,Grace\n'],
    ['a.csv', 'id,name\n2,Grace\n3', 'id,name\n2,Grace\n'],
    ['a.csv', 'id,name\n2,"Gr""ace\n', 'id,name\n'],
    ['a.csv', 'id,name\n"2\n\n3",4\n5,"6\n7,8\n', 'id,name\n"2\n\n3",4\n'],
  ])('of %s is mended: %j', async (name, before, after) => {
    const file = place(name);
    writeFileSync(file, before);
    const record = name === 'a.csv' ? '1,Ada\n' : '{"id":1,"name":"Ada"}\n';

    const { output, context } = await writingTo(file);
    await output.write(batchOf([ada]), signal);

    expect(content(file)).toBe(`${after}${record}`);
    const isMended = before.toString() !== after;
    expect(context.lines.map(({ level }) => level)).toEqual(isMended ? ['warn'] : []);
  });

  it.each([
    ['a.ndjson', 'some notes of mine', undefined],
    ['a.ndjson', '{\n  "id": 1\n}', undefined],
    ['a.ndjson', `{"id":1}\n{"id":"${'x'.repeat(17_000_000)}`, undefined],
    ['a.csv', 'some "notes" of mine', { delimiter: ',', header: false }],
  ])('of %s that is not ours is left alone', async (name, before, csv) => {
    const file = place(name);
    writeFileSync(file, before);

    await expect(writingTo(file, { ...(csv && { csv }) })).rejects.toMatchObject({
      code: 'file.foreign-end',
    });

    expect(content(file) === before).toBe(true);
  });
});

describe('the columns of CSV', () => {
  const csv = { delimiter: ',', header: true };

  it('are those of the first record, and missing values are empty', async () => {
    const file = place('a.csv');
    const { output } = await writingTo(file);

    const result = await output.write(
      batchOf([
        { id: 1, name: 'Ada', extra: null },
        { name: 'say "hi", or\nnot', id: 12_345_678_901_234_567_890n },
        { id: [1, { a: 2 }], extra: true },
      ]),
      signal,
    );

    expect(result).toMatchObject({ rejected: [], unsent: [] });
    expect(content(file)).toBe(
      'id,name,extra\n1,Ada,\n12345678901234567890,"say ""hi"", or\nnot",\n"[1,{""a"":2}]",,true\n',
    );
  });

  it('reject a record with another key', async () => {
    const file = place('a.csv');
    const { output } = await writingTo(file);
    const records = [{ id: 1 }, { id: 2, name: 'Ada' }, { id: 3 }, { __proto__x: 1 }];

    const result = await output.write(batchOf(records), signal);
    const stopped = await output.write(batchOf(records.slice(1), { failFast: true }), signal);

    const fault = { code: 'file.unknown-column', hint: expect.stringContaining('csv.columns') };
    expect(result).toMatchObject({ rejected: [{ index: 1, fault }, { index: 3 }], unsent: [] });
    expect(stopped).toMatchObject({ rejected: [{ index: 0 }], unsent: [1, 2] });
    expect(content(file)).toBe('id\n1\n3\n');
  });

  it('are those of the header that stands there', async () => {
    const file = place('a.csv');
    writeFileSync(file, '\uFEFFname,"a ""b""",id\r\nGrace,,0\r\n');

    const { output } = await writingTo(file);
    const result = await output.write(batchOf([ada, { 'a "b"': 2 }, { other: 1 }]), signal);

    expect(result).toMatchObject({ rejected: [{ index: 2 }] });
    expect(content(file)).toBe('\uFEFFname,"a ""b""",id\r\nGrace,,0\r\nAda,,1\n,2,\n');
  });

  it.each([
    [['id', 'customer.name'], 'id,customer.name\n1,Ada\n'],
    [{ Name: 'customer.name', Id: 'id', Tag: 'tags[1]' }, 'Name,Id,Tag\nAda,1,b\n'],
  ])('are what is asked for: %j', async (columns, text) => {
    const file = place('a.csv');
    const record = { id: 1, customer: { name: 'Ada' }, tags: ['a', 'b'], secret: 'x' };

    for (const expected of [text, `${text}${text.split('\n')[1]}\n`]) {
      const { output } = await writingTo(file, { csv: { ...csv, columns } });
      await output.write(batchOf([record]), signal);
      await output.close?.();

      expect(content(file)).toBe(expected);
    }
  });

  it.each(['name,id\n1,2\n', 'id\n', 'id;name\n', 'name,id', 'id,"name\n', 'some notes'])(
    'may not differ from the header that stands there: %j',
    async (before) => {
      const file = place('a.csv');
      writeFileSync(file, before);

      await expect(
        writingTo(file, { csv: { ...csv, columns: ['id', 'name'] } }),
      ).rejects.toMatchObject({ code: 'file.other-columns', pointer: '/csv/columns' });

      expect(content(file)).toBe(before);
    },
  );

  it('are not looked for in a row without an end', async () => {
    const file = place('a.csv');
    writeFileSync(file, 'x'.repeat(17_000_000));

    await expect(writingTo(file)).rejects.toMatchObject({ code: 'file.other-columns' });
  });

  it('are written again where a crash has torn the header', async () => {
    const file = place('a.csv');
    writeFileSync(file, 'id,na');

    const { output } = await writingTo(file, { csv: { ...csv, columns: ['id', 'name'] } });
    await output.write(batchOf([ada]), signal);

    expect(content(file)).toBe('id,name\n1,Ada\n');
  });

  it('are written again when somebody has emptied the file', async () => {
    const file = place('a.csv');
    const { output } = await writingTo(file);
    await output.write(batchOf([ada]), signal);

    truncateSync(file);
    await output.write(batchOf([ada]), signal);

    expect(content(file)).toBe('id,name\n1,Ada\n');
  });

  it('need no header', async () => {
    const file = place('a.csv');
    writeFileSync(file, '0;x\n');
    const { output } = await writingTo(file, { csv: { delimiter: ';', header: false } });

    await output.write(batchOf([ada, { id: 2, name: 'a;b' }]), signal);

    expect(content(file)).toBe('0;x\n1;Ada\n2;"a;b"\n');
  });

  it('may be one, also an empty one', async () => {
    const file = place('a.csv');
    const { output } = await writingTo(file);

    await output.write(batchOf([{ id: '' }, { id: 'x' }]), signal);

    expect(content(file)).toBe('id\n""\nx\n');
  });
});

describe('a preview', () => {
  it('shows path, mode, number of records and the first lines', async () => {
    const file = place('a.csv');
    const { output } = await writingTo(file, { mode: 'replace' });
    const records = Array.from({ length: 50 }, (_, id) => ({ id }));

    const [preview] = (await output.preview?.(batchOf(records), { showCredentials: false })) ?? [];

    expect(preview).toEqual({
      kind: 'text',
      title: `Replace ${file}`,
      record_count: 50,
      detail: 'id\n0\n1\n2\n3\n4\n5\n6\n7\n8',
    });
    expect(existsSync(file)).toBe(false);
  });
});
