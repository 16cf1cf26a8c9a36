import type { JsonRecord } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { columnsByName, columnsByPath, columnsOf } from '../src/columns.ts';

describe('columns that follow from a record', () => {
  it('are its keys in their order, but the scratch area', () => {
    const columns = columnsOf({ b: 1, _metadata: { x: 1 }, a: 2 }, []);

    expect(columns?.names).toStrictEqual(['b', 'a']);
    expect(columns?.row({ a: 3, _metadata: {}, b: 4 })).toStrictEqual([4, 3]);
  });

  it('are null where a later record lacks the key', () => {
    expect(columnsOf({ a: 1, b: 2 }, [])?.row({ b: 3 })).toStrictEqual([null, 3]);
  });

  it.each<[string, JsonRecord]>([
    ['further', { a: 1, c: 2 }],
    ['marked', { a: 1, _errors: [] }],
    ['crafted', JSON.parse('{"a":1,"__proto__":2}') as JsonRecord],
  ])('refuse a %s key', (_, record) => {
    const columns = columnsOf({ a: 1 }, []);

    expect(() => columns?.row(record)).toThrow(
      expect.objectContaining({ code: 'database.unknown-column' }) as Error,
    );
  });

  it('are not there without a key', () => {
    expect(columnsOf({}, [])).toBeUndefined();
    expect(columnsOf({ _metadata: {} }, [])).toBeUndefined();
  });
});

describe('columns that are listed', () => {
  it('are keys and no paths, and what else there is is left out', () => {
    const columns = columnsByName(['a.b', 'toString', 'c'], []);

    expect(columns.row({ 'a.b': 1, a: { b: 2 }, d: 3 })).toStrictEqual([1, null, null]);
  });
});

describe('columns with a path of each', () => {
  it('take what the path finds', () => {
    const columns = columnsByPath({ id: 'id', first: 'lines[0].sku', gone: 'x.y' }, []);

    expect(columns).toMatchObject({
      names: ['id', 'first', 'gone'],
      sources: ['id', 'lines[0].sku', 'x.y'],
    });
    expect(columns.row({ id: 7, lines: [{ sku: 'A' }] })).toStrictEqual([7, 'A', null]);
  });
});

describe('a key', () => {
  it.each<[string, JsonRecord]>([
    ['missing', { a: 1 }],
    ['null', { a: 1, id: null }],
  ])('that is %s is told', (_, record) => {
    const columns = columnsByName(['a', 'id'], ['id']);

    expect(() => columns.row(record)).toThrow(
      expect.objectContaining({ code: 'database.no-key' }) as Error,
    );
  });

  it.each([0, '', false])('may be %j', (id) => {
    expect(columnsByName(['id'], ['id']).row({ id })).toStrictEqual([id]);
  });
});
