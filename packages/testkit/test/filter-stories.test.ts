import {
  defineFilter,
  Fault,
  type Filter,
  type FilterPlugin,
  type JsonRecord,
} from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { filterStories } from '../src/stories/filter.ts';
import upper from './fixtures/upper-filter/src/index.ts';
import { sound } from './spoiled.ts';

const given = [
  { id: 1, name: 'Ada' },
  { id: 2, name: 'Bob', tags: ['a'] },
];

/** Tells one story about a filter that is written on the spot. */
async function told(
  title: string,
  create: () => Filter,
  leavesHalfChanged?: string,
): Promise<string> {
  const plugin: FilterPlugin = defineFilter({ config: { type: 'object' }, create });
  const subject = { ...sound('upper-filter', upper as FilterPlugin), plugin };
  const options = leavesHalfChanged === undefined ? {} : { leavesHalfChanged };
  return (await filterStories[title]!(subject, { config: {}, given }, options)).join('\n');
}

describe('the stories of a filter', () => {
  it('find one that writes to what it returned', async () => {
    const last: JsonRecord[] = [];
    const create = (): Filter => ({
      each(item) {
        for (const record of last) record['next'] = item.record['id'] ?? null;
        last.push(item.record);
        return item;
      },
    });

    expect(await told('keeps nothing of what it returned', create)).toMatch(
      /batch before: TypeError/,
    );
  });

  it('find a constant that two records share', async () => {
    const constant = { state: 'done' };
    const create = (): Filter => ({
      each(item) {
        item.record['import'] = constant;
        return item;
      },
    });

    expect(await told('shares no object between records', create)).toMatch(
      /two places: \[0\].import and \[1\].import/,
    );
  });

  it('find one that makes something else every time', async () => {
    let count = 0;
    const create = (): Filter => ({
      each(item) {
        item.record['count'] = count++;
        return item;
      },
    });

    expect(await told('makes the same of the same', create)).toMatch(/something else/);
  });

  it('find one that trusts its records', async () => {
    const create = (): Filter => ({
      each(item) {
        item.record['name'] = (item.record['name'] as string).trim();
        return item;
      },
    });

    expect(await told('survives odd records', create)).toMatch(
      /nothing in it: throws no fault but TypeError/,
    );
  });

  it('find a fault that leaves the record half changed, unless it says so', async () => {
    const create = (): Filter => ({
      each(item) {
        item.record['seen'] = true;
        throw new Fault('a.b', 'It fails.');
      },
    });

    expect(await told('survives odd records', create)).toMatch(/leaves the record changed/);
    expect(await told('survives odd records', create, 'a loop cannot undo')).toBe('');
  });

  it('find what comes out as no record', async () => {
    const create = (): Filter => ({
      each: (item) => ({ ...item, record: [] as unknown as JsonRecord }),
    });

    expect(await told('survives odd records', create)).toMatch(/no JSON object/);
  });

  it('find one that pollutes the prototype of all objects', async () => {
    const create = (): Filter => ({
      each(item) {
        const at = item.record['__proto__'];
        if (Object.hasOwn(item.record, '__proto__')) (at as JsonRecord)['polluted'] = true;
        else (Object.getPrototypeOf(item.record) as JsonRecord)['polluted'] = true;
        return item;
      },
    });

    try {
      expect(await told('survives odd records', create)).toMatch(/Object.prototype/);
    } finally {
      delete (Object.prototype as unknown as JsonRecord)['polluted'];
    }
  });

  it('find a second close that fails', async () => {
    const create = (): Filter => {
      let isClosed = false;
      return {
        each: (item) => item,
        close() {
          if (isClosed) throw new Error('closed already');
          isClosed = true;
        },
      };
    };

    await expect(told('can be closed twice', create)).rejects.toThrow('closed already');
  });

  it('find a promise of a filter that says nothing of waiting', async () => {
    const create = (): Filter => ({ each: (item) => Promise.resolve(item) });

    await expect(told('keeps nothing of what it returned', create)).rejects.toThrow('concurrency');
  });
});
