import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileStore, type PipelineStore, stateFile } from '../src/state/file-store.ts';
import { fileNameOf } from '../src/state/state-folder.ts';
import { logLines } from './log-lines.ts';
import { inputModule, persistent, pipeline } from './pipelines.ts';
import { tempTree } from './temp-tree.ts';

function opened(
  folder: string,
  more: Parameters<typeof persistent>[1] = {},
  dryRun = false,
): PipelineStore & { readonly lines: () => string[] } {
  const { log, lines } = logLines();
  const store = fileStore().of(persistent(folder, more), { log, dryRun });
  onTestFinished(() => store.close());
  return { ...store, lines };
}

const contentOf = (folder: string): unknown =>
  JSON.parse(readFileSync(path.join(folder, 'orders.json'), 'utf8'));

describe('the state file', () => {
  it('is missing at the first run, and then holds what was saved', async () => {
    const folder = path.join(tempTree(), 'deep', 'state');
    const store = opened(folder);

    await expect(store.load()).resolves.toBeUndefined();
    await store.save({ id: 4821, timestamp: '2026-04-21T12:34:56.123456Z', offset: 300 });

    expect(readFileSync(path.join(folder, 'orders.json'), 'utf8')).toBe(
      '{\n  "id": 4821,\n  "timestamp": "2026-04-21T12:34:56.123456Z",\n  "offset": 300\n}\n',
    );
    await expect(store.load()).resolves.toEqual({
      id: 4821,
      timestamp: '2026-04-21T12:34:56.123456Z',
      offset: 300,
    });
    await store.close();
    expect(readdirSync(folder)).toEqual(['orders.json']);
  });

  it('can be read by its owner only, as its folder', async () => {
    const folder = path.join(tempTree(), 'state');
    const store = opened(folder);

    await store.save({ id: 1 });

    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, 'orders.json')).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(folder, 'orders.lock')).mode & 0o777).toBe(0o600);
  });

  it('is read anew each time', async () => {
    const folder = tempTree();
    const store = opened(folder);
    await store.save({ id: 1 });

    writeFileSync(path.join(folder, 'orders.json'), '{"id": 7}');

    await expect(store.load()).resolves.toEqual({ id: 7 });
  });

  it('keeps the digits of large numbers, and writes them as text', async () => {
    const folder = tempTree({ 'orders.json': '{"id": 9007199254740993123, "other": 1}' });
    const store = opened(folder);

    const state = await store.load();
    expect(state).toMatchObject({ id: 9_007_199_254_740_993_123n });
    await store.save(state!);

    expect(contentOf(folder)).toMatchObject({ id: '9007199254740993123' });
  });

  it('is written anew although nothing changed, so that its age tells', async () => {
    const folder = tempTree({ 'orders.json': '{"id": 1}' });
    const store = opened(folder);
    const before = statSync(path.join(folder, 'orders.json')).ino;

    await store.save({ id: 1 });

    expect(statSync(path.join(folder, 'orders.json')).ino).not.toBe(before);
    expect((await store.savedAt())?.getTime()).toBe(
      statSync(path.join(folder, 'orders.json')).mtime.getTime(),
    );
  });

  it.each([
    [
      '{"lastTimestamp": "2026-01-01T00:00:00Z", "lastId": 12, "pipelineId": "x", "updatedAt": "y"}',
      { timestamp: '2026-01-01T00:00:00Z', id: 12 },
    ],
    ['{"lastId": "b7", "id": "c1"}', { id: 'c1' }],
    ['{"lastTimestamp": null}', {}],
    ['{}', {}],
    ['{"timestamp": "2026-01-01"}', { timestamp: '2026-01-01' }],
  ])('reads %s', async (text, expected) => {
    const store = opened(tempTree({ 'orders.json': text }));

    await expect(store.load()).resolves.toEqual(expected);
  });

  it.each([
    ['nothing', ''],
    ['blanks', '  \n'],
    ['half a file', '{"id": 48'],
    ['no JSON', 'id: 1'],
    ['a list', '[1]'],
    ['null', 'null'],
    ['no date', '{"timestamp": "yesterday"}'],
    ['no real date', '{"timestamp": "2026-13-01T00:00:00Z"}'],
    ['a number as date', '{"timestamp": 1767225600}'],
    ['an id that is an object', '{"id": {}}'],
    ['an id that is null', '{"id": null}'],
    ['a negative offset', '{"offset": -1}'],
    ['half an offset', '{"offset": 1.5}'],
    ['an old date that is none', '{"lastTimestamp": "soon"}'],
  ])('is refused when it holds %s, and stays as it is', async (_title, text) => {
    const folder = tempTree({ 'orders.json': text });
    const store = opened(folder);

    await expect(store.load()).rejects.toMatchObject({
      code: 'state.unreadable',
      message: expect.stringMatching(
        /orders\.json.*Repair it, or delete it for a full re-sync/s,
      ) as string,
    });
    expect(readFileSync(path.join(folder, 'orders.json'), 'utf8')).toBe(text);
  });

  it('is refused when it cannot be read', async () => {
    const folder = tempTree();
    mkdirSync(path.join(folder, 'orders.json'));

    await expect(opened(folder).load()).rejects.toMatchObject({ code: 'state.unreadable' });
  });

  it('is found to be unwritable before anything else', async () => {
    const root = tempTree({ state: 'a file where the folder should be' });

    await expect(opened(path.join(root, 'state')).load()).rejects.toMatchObject({
      code: 'state.unwritable',
    });
    await expect(opened(path.join(root, 'state')).lock()).rejects.toMatchObject({
      code: 'state.unwritable',
    });
  });

  it('refuses to be written what it could not be read', async () => {
    const folder = tempTree();
    const store = opened(folder);

    await expect(store.save('token')).rejects.toMatchObject({ code: 'state.not-a-state' });

    expect(readdirSync(folder)).toEqual([]);
  });

  it('writes nothing in a dry run', async () => {
    const folder = path.join(tempTree(), 'state');
    const store = opened(folder, {}, true);

    await store.lock();

    await expect(store.load()).resolves.toBeUndefined();
    expect(existsSync(folder)).toBe(false);
  });

  it('is not made for a pipeline that saves nothing', async () => {
    const folder = path.join(tempTree(), 'state');
    const config = { statePersistence: { id: { enabled: false }, storagePath: folder } };
    const plain = pipeline({ input: inputModule('numbers', { config }) });
    const store = fileStore().of(plain, { log: logLines().log, dryRun: false });

    await expect(store.load()).resolves.toBeUndefined();

    expect(existsSync(folder)).toBe(false);
  });
});

describe('the name of a state file', () => {
  it.each([
    ['orders', 'orders'],
    ['Orders of Jane – été', 'Orders of Jane – été'],
    ['a/b', 'a%2Fb'],
    ['a\\b', 'a%5Cb'],
    ['100%', '100%25'],
    ['a%2Fb', 'a%252Fb'],
    ['..', '%2E.'],
    ['.hidden', '%2Ehidden'],
    ['a.b', 'a.b'],
    ['tab\tnul\0del\u007f', 'tab%09nul%00del%7F'],
  ])('%j is %s', (name, expected) => {
    expect(fileNameOf(name)).toBe(expected);
  });
});

describe('an earlier state file', () => {
  it('under the id is the start, and the next save writes the new one', async () => {
    const folder = tempTree({ 'shop%2Forders.json': '{"lastId": 5}' });
    const store = opened(folder, { id: 'shop/orders' });

    await expect(store.load()).resolves.toEqual({ id: 5 });
    expect(store.lines()).toEqual(['info state file of an earlier name found']);
    await store.save({ id: 6 });

    await expect(store.load()).resolves.toEqual({ id: 6 });
    expect(readFileSync(path.join(folder, 'shop%2Forders.json'), 'utf8')).toBe('{"lastId": 5}');
  });

  it('is refused when it is damaged', async () => {
    const folder = tempTree({ 'old-id.json': '{' });

    await expect(opened(folder, { id: 'old-id' }).load()).rejects.toMatchObject({
      code: 'state.unreadable',
    });
  });

  it('of the original is found in its default place, unless the document names a folder', async () => {
    const root = tempTree({ 'cannectors-data/state/orders.json': '{"lastId": "9"}' });
    const before = process.cwd();
    process.chdir(root);
    onTestFinished(() => process.chdir(before));
    const config = { statePersistence: { id: { enabled: true, field: 'id' } } };
    const unnamed = pipeline({
      name: 'Orders',
      id: 'team/orders',
      input: inputModule('n', { config }),
    });
    const { log } = logLines();

    const store = fileStore().of(unnamed, { log, dryRun: true });
    const named = opened(path.join(root, 'elsewhere'), { name: 'Orders', id: 'team/orders' });

    await expect(store.load()).resolves.toEqual({ id: '9' });
    await expect(named.load()).resolves.toBeUndefined();
    expect(stateFile(unnamed).path).toBe(path.join(root, '.cannectors-state/Orders.json'));
    expect(stateFile(unnamed, { storage: 'of-the-server' }).path).toBe(
      path.join(root, 'of-the-server/Orders.json'),
    );
  });
});

describe('stateFile', () => {
  it('reads, replaces and clears', async () => {
    const folder = tempTree();
    const file = stateFile(persistent(folder));
    await expect(file.read()).resolves.toBeUndefined();

    await file.write({ timestamp: '2026-01-01T00:00:00Z' });
    await expect(file.read()).resolves.toEqual({ timestamp: '2026-01-01T00:00:00Z' });
    await file.clear();
    await file.clear();

    await expect(file.read()).resolves.toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('checks what it writes', async () => {
    const file = stateFile(persistent(tempTree()));

    await expect(file.write({ offset: 'ten' })).rejects.toMatchObject({
      code: 'state.not-a-state',
    });
    await expect(file.write([])).rejects.toMatchObject({ code: 'state.not-a-state' });
  });

  it('clears for good where an earlier file would be found again', async () => {
    const folder = tempTree({ 'old.json': '{"lastId": 5}' });
    const file = stateFile(persistent(folder, { id: 'old' }));
    await expect(file.read()).resolves.toEqual({ id: 5 });

    await file.clear();

    await expect(file.read()).resolves.toEqual({});
    expect(readFileSync(path.join(folder, 'old.json'), 'utf8')).toBe('{"lastId": 5}');
  });

  it('is left alone while the pipeline runs', async () => {
    const folder = tempTree({ 'orders.json': '{"id": 1}' });
    await opened(folder).lock();
    const file = stateFile(persistent(folder));

    await expect(file.write({ id: 2 })).rejects.toMatchObject({ code: 'state.locked' });
    await expect(file.clear()).rejects.toMatchObject({ code: 'state.locked' });

    await expect(file.read()).resolves.toEqual({ id: 1 });
  });
});
