import { appendFileSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fakeContext } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';
import { readingAt, readingOf, temporaryFolder } from './reading-a-file.ts';

const line = (id: number): string => `{"id":${id}}\n`;

describe('with an offset', () => {
  it('reads on where it ended, in bytes', async () => {
    const file = path.join(temporaryFolder(), 'a.ndjson');
    writeFileSync(file, line(1) + line(2));
    const first = await readingAt(file, { offset: 0 });
    appendFileSync(file, line(3));

    const second = await readingAt(file, { offset: 18 });
    const third = await readingAt(file, { offset: 27 });

    expect(first.checkpoints).toEqual([{ offset: 18 }]);
    expect(second.records).toEqual([{ id: 3 }]);
    expect(second.checkpoints).toEqual([{ offset: 27 }]);
    expect([third.records, third.checkpoints]).toEqual([[], [{ offset: 27 }]]);
  });

  it('reads on in CSV under the header of the file', async () => {
    const content = '\uFEFFid,name\n1,Ada\n2,Grace\n';

    const { records, checkpoints } = await readingOf({ name: 'a.csv', content, offset: 17 });

    expect(records).toEqual([{ id: '2', name: 'Grace' }]);
    expect(checkpoints).toEqual([{ offset: 25 }]);
  });

  it.each([1, 5, 4096])('reads on in a JSON list, in elements, in blocks of %i', async (block) => {
    const content = '{"data": [ {"id":1}, {"id":2}, {"id":3} , {"id":4} ] }';

    const { records, checkpoints } = await readingOf({ name: 'a.json', content, block, offset: 2 });

    expect(records).toEqual([{ id: 3 }, { id: 4 }]);
    expect(checkpoints.at(-1)).toEqual({ offset: 4 });
  });

  it('gives each page the place where it ends', async () => {
    const content = line(1) + line(2) + line(3) + line(4);

    const { chunks } = await readingOf({ name: 'a.ndjson', content, block: 18, offset: 0 });

    expect(chunks.map(({ items, checkpoint, bytes }) => [items.length, checkpoint, bytes])).toEqual(
      [
        [2, { offset: 18 }, 18],
        [2, { offset: 36 }, 18],
      ],
    );
  });

  it.each([
    ['a.ndjson', '{"id":1}\n{"id":2}', 9],
    ['a.ndjson', '{"id":1}\n{"id', 9],
    ['a.csv', 'id\n1\n2', 5],
    ['a.csv', 'id\n1\n"2\n', 5],
    ['a.csv', 'id', 0],
  ])('leaves the unfinished last line of %s: %j', async (name, content, offset) => {
    const { records, checkpoints, context } = await readingOf({ name, content, offset: 0 });

    expect(records).toHaveLength(offset === 0 ? 0 : 1);
    expect(checkpoints).toEqual([{ offset }]);
    expect(context.lines).toMatchObject([
      { level: 'info', fields: { bytes: content.length - offset } },
    ]);
  });

  it.each([
    ['a.ndjson', line(1), 10],
    ['a.csv', 'id\n1\n', 6],
    ['a.json', '[{"id":1}]', 2],
    ['a.json', '[]', 1],
  ])('refuses %s when it is shorter than what was read', async (name, content, offset) => {
    const { fault, records } = await readingOf({ name, content, offset });

    expect(records).toEqual([]);
    expect(fault).toMatchObject({
      code: 'file.shrunk',
      hint: expect.stringMatching(/Bring the old file back, or delete the state file/),
      retry: false,
    });
  });

  it('refuses a file in which no line begins there', async () => {
    const { fault } = await readingOf({
      name: 'a.ndjson',
      content: `${line(100)}${line(2)}`,
      offset: 9,
    });

    expect(fault).toMatchObject({ code: 'file.replaced' });
  });

  it('counts lines from the start of the file', async () => {
    const content = `${line(1)}${line(2)}\n${line(4)}oops\n${line(6)}`;

    const { unreadable } = await readingOf({ name: 'a.ndjson', content, offset: 19, block: 4 });

    expect(unreadable).toEqual([{ raw: 'oops', code: 'record.not-json', at: 5 }]);
  });

  it('does not pass a record that is too large before its end was seen', async () => {
    const content = `${line(1)}{"id":"${'x'.repeat(500)}"}\n${line(3)}`;

    const { chunks } = await readingOf({
      name: 'a.ndjson',
      content,
      block: 50,
      maxRecordBytes: 100,
      offset: 0,
    });

    expect(
      chunks.map(({ items, unreadable, checkpoint }) => [
        items.length,
        unreadable?.length,
        checkpoint,
      ]),
    ).toEqual([
      [1, 0, { offset: 9 }],
      [1, 1, { offset: content.length }],
    ]);
  });
});

describe('without an offset', () => {
  it.each(['a.ndjson', 'a.csv'])('takes the unfinished last line of %s', async (name) => {
    const content = name === 'a.csv' ? 'id\n1\n2' : '{"id":1}\n{"id":2}';

    const { records, checkpoints } = await readingOf({ name, content });

    expect(records).toHaveLength(2);
    expect(checkpoints).not.toContainEqual(expect.anything());
  });
});

describe('the file', () => {
  it.each([
    ['missing.ndjson', 'file.not-found'],
    ['folder.ndjson', 'file.not-a-file'],
  ])('%s is refused when the input is opened', async (name, code) => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'folder.ndjson'));
    const input = plugin.create(
      { path: path.join(folder, name), csv: { delimiter: ',', header: true } },
      fakeContext(),
    );

    await expect(input.open?.(new AbortController().signal)).rejects.toMatchObject({ code });
  });

  it('is opened again by every run', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.ndjson');
    writeFileSync(file, line(1));
    const input = plugin.create(
      { path: file, csv: { delimiter: ',', header: true } },
      fakeContext(),
    );
    const { signal } = new AbortController();
    const run = async (): Promise<unknown[]> =>
      (await Array.fromAsync(input.read({ signal }))).flatMap(({ items }) => items);
    await input.open?.(signal);

    const before = await run();
    writeFileSync(`${file}.new`, line(1) + line(2));
    renameSync(`${file}.new`, file);
    const after = await run();
    truncateSync(file);

    expect([before.length, after.length, (await run()).length]).toEqual([1, 2, 0]);
    await input.close?.();
  });
});
