import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchOf, signal, temporaryFolder, writingTo } from './writing-a-file.ts';

const content = (file: string): string => readFileSync(file, 'utf8');

describe('replace', () => {
  it('leaves the old file until the run has ended well', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.ndjson');
    writeFileSync(file, '{"id":0}\n');
    const { output } = await writingTo(file, { mode: 'replace' });

    await output.write(batchOf([{ id: 1 }]), signal);
    await output.write(batchOf([{ id: 2 }], { seq: 1 }), signal);
    const before = content(file);
    await output.flush?.(signal);

    expect(before).toBe('{"id":0}\n');
    expect(content(file)).toBe('{"id":1}\n{"id":2}\n');
    expect(readdirSync(folder)).toEqual(['a.ndjson']);
  });

  it('leaves the old file when the run has failed', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.ndjson');
    writeFileSync(file, '{"id":0}\n');
    const { output } = await writingTo(file, { mode: 'replace' });

    await output.write(batchOf([{ id: 1 }]), signal);
    const during = readdirSync(folder);
    await output.close?.();

    expect(during).toEqual(['.a.ndjson.tmp', 'a.ndjson']);
    expect(readdirSync(folder)).toEqual(['a.ndjson']);
    expect(content(file)).toBe('{"id":0}\n');
  });

  it('replaces the file of the run before, with columns of its own', async () => {
    const file = path.join(temporaryFolder(), 'a.csv');
    const { output } = await writingTo(file, { mode: 'replace' });

    await output.write(batchOf([{ id: 1 }]), signal);
    await output.flush?.(signal);
    await output.write(batchOf([{ name: 'Ada' }]), signal);
    await output.flush?.(signal);

    expect(content(file)).toBe('name\nAda\n');
  });

  it.each([
    ['a.ndjson', undefined, ''],
    ['a.csv', undefined, ''],
    ['a.csv', ['id', 'name'], 'id,name\n'],
  ])(
    'leaves a file without records after a run without any: %s %j',
    async (name, columns, text) => {
      const file = path.join(temporaryFolder(), name);
      writeFileSync(file, 'old\n');
      const csv = { delimiter: ',', header: true, ...(columns && { columns }) };
      const { output } = await writingTo(file, { mode: 'replace', csv });

      await output.flush?.(signal);

      expect(content(file)).toBe(text);
    },
  );

  it('does not stumble over what a killed run has left', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.ndjson');
    writeFileSync(path.join(folder, '.a.ndjson.tmp'), 'half a li');
    const { output } = await writingTo(file, { mode: 'replace' });

    await output.write(batchOf([{ id: 1 }]), signal);
    await output.flush?.(signal);

    expect(content(file)).toBe('{"id":1}\n');
    expect(readdirSync(folder)).toEqual(['a.ndjson']);
  });

  it('keeps the permissions of the file, and the link to it', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'real', 'a.ndjson');
    const link = path.join(folder, 'link.ndjson');
    mkdirSync(path.dirname(file));
    writeFileSync(file, '');
    chmodSync(file, 0o640);
    symlinkSync(file, link);
    const { output } = await writingTo(link, { mode: 'replace' });

    await output.write(batchOf([{ id: 1 }]), signal);
    await output.flush?.(signal);

    expect(readlinkSync(link)).toBe(file);
    expect(content(file)).toBe('{"id":1}\n');
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('removes its own file when it cannot take the place', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.ndjson');
    const { output } = await writingTo(file, { mode: 'replace' });
    await output.write(batchOf([{ id: 1 }]), signal);
    mkdirSync(path.join(file, 'in the way'), { recursive: true });

    await expect(output.flush?.(signal)).rejects.toMatchObject({ code: 'file.unwritable' });
    await output.close?.();

    expect(readdirSync(folder)).toEqual(['a.ndjson']);
  });

  it('writes nothing of a batch that was aborted', async () => {
    const file = path.join(temporaryFolder(), 'a.ndjson');
    const { output } = await writingTo(file, { mode: 'replace' });
    await output.write(batchOf([{ id: 1 }]), signal);

    const aborted = AbortSignal.abort(new Error('the run is over'));
    await expect(output.write(batchOf([{ id: 2 }]), aborted)).rejects.toThrow('the run is over');
    await output.flush?.(signal);

    expect(content(file)).toBe('{"id":1}\n');
  });

  it('counts as a whole run only', async () => {
    const file = path.join(temporaryFolder(), 'a.ndjson');

    const replace = await writingTo(file, { mode: 'replace' });
    const append = await writingTo(file);

    expect([replace.output.wholeRun, append.output.wholeRun]).toEqual([true, undefined]);
    expect(['flush' in replace.output, 'flush' in append.output]).toEqual([true, false]);
    expect(existsSync(file)).toBe(true);
  });
});
