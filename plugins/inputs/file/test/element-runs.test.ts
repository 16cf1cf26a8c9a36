import type { JsonRecord } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { elementRuns } from '../src/element-runs.ts';
import { readingOf } from './reading-a-file.ts';

/** Elements that hold what looks like the beginning of the next one, in lists and in texts. */
const records = Array.from({ length: 500 }, (_, id): JsonRecord => ({
  id,
  lines: id % 3 === 0 ? [{ id: 1 }, { id: 2 }] : [],
  text: id % 5 === 0 ? 'a,{"id":7}],{"id":' : 'é'.repeat(id % 4),
}));

describe('a list whose elements begin like parts of others', () => {
  it.each([64, 100, 1000, 4096, 100_000])('is read in blocks of %i bytes', async (block) => {
    for (const space of [0, 2]) {
      const content = JSON.stringify({ list: records, more: [{ id: -1 }] }, null, space);

      const result = await readingOf({ name: 'a.json', content, block, dataField: 'list' });

      expect(result.fault).toBe(undefined);
      expect(result.records).toEqual(records);
    }
  });

  it.each([300, 4096, 100_000])('names what is no record, in blocks of %i bytes', async (block) => {
    const texts = records.map((record) => JSON.stringify(record));
    const bad = new Map([
      [7, '{"id":7,"lines":}'],
      [77, 'null'],
      [78, '[{"id":78}]'],
      [300, '{"id":12345678901234567890,"a":1e999}'],
      [498, '{"id" 498}'],
    ]);
    const content = `[${texts.map((text, index) => bad.get(index) ?? text).join(',')}]`;

    const { records: found, unreadable } = await readingOf({ name: 'a.json', content, block });

    expect(unreadable.map(({ at, raw }) => [at, raw])).toEqual([...bad]);
    expect(found).toEqual(records.filter((_, index) => !bad.has(index)));
  });

  it('keeps the count for the offset', async () => {
    const content = JSON.stringify(records);

    const { records: found, checkpoints } = await readingOf({
      name: 'a.json',
      content,
      block: 3000,
      offset: 123,
    });

    expect(found).toEqual(records.slice(123));
    expect(checkpoints.at(-1)).toEqual({ offset: 500 });
    expect(checkpoints.length).toBeGreaterThan(5);
  });
});

describe('a run', () => {
  const run = (text: string, from: number): [number, number] | undefined => {
    const found = elementRuns()(Buffer.from(text), from);
    return found && [found.records.length, found.end];
  };

  it.each([
    ['{"a":1},{"a":2},{"a":3},{"a":4', 8, [2, 24]],
    ['{"a":1},{"a":2},{"b":3},{"a":4', 8, [2, 24]],
    ['{"a":1},{"a":2}]', 8, undefined],
    ['{"a":1},{"a":[{"a":2},{"a":3', 8, undefined],
    ['{"a":1},{"a":1},3,{"a":1},{"a', 8, undefined],
    ['1,2,3,4', 2, undefined],
  ])('in %s from %i', (text, from, found) => {
    expect(run(text, from)).toEqual(found);
  });

  it('is not looked for again after some misses', () => {
    const find = elementRuns();
    const broken = Buffer.from('{"a":1},{"a":},{"a":2},{"a":3');
    const whole = Buffer.from('{"a":1},{"a":2},{"a":3},{"a":4');

    const found = [broken, broken, whole, broken, broken, broken, whole].map(
      (bytes) => find(bytes, 8) !== undefined,
    );

    expect(found).toEqual([false, false, true, false, false, false, false]);
  });
});
