import type { JsonRecord } from '@cannectors/core';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { cacheOf, filterFor } from './asking.ts';

describeDatabase('sqlite', caches);
describeDatabase('postgres', caches);
describeDatabase('mysql', caches);

function caches({ connectionString, query }: DatabasePlace): void {
  const base = { connectionString, parameters: ['record.id'], mergeStrategy: 'append' };
  const ways: [string, JsonRecord][] = [
    ['alone', { ...base, query: 'SELECT id, name FROM things WHERE id = $1' }],
    [
      'together',
      { ...base, query: 'SELECT id, name FROM things WHERE id IN ($1)', lookup: { key: ['id'] } },
    ],
  ];
  const change = (): Promise<unknown> => query(`UPDATE things SET name = 'changed'`);
  const namesIn = (given: readonly JsonRecord[]): unknown[] =>
    given.map(({ found }) => (found as JsonRecord)['name']);

  beforeEach(() =>
    query(
      'DROP TABLE IF EXISTS things',
      'CREATE TABLE things (id integer PRIMARY KEY, name varchar(80))',
      `INSERT INTO things VALUES (1, 'one'), (2, 'two')`,
    ),
  );

  describe.each(ways)('%s', (_title, way) => {
    const config = { ...way, resultKey: 'found' };

    it('asks again without a cache', async () => {
      const { ask } = await filterFor({ ...config, cache: cacheOf({ enabled: false }) });
      const before = await ask([{ id: 1 }]);
      await change();

      const after = await ask([{ id: 1 }]);

      expect(namesIn([...before, ...after])).toEqual(['one', 'changed']);
    });

    it('knows an answer by the whole record, whatever the order of its keys', async () => {
      const { ask } = await filterFor({ ...config, cache: cacheOf() });
      await ask([{ id: 1, a: 'x' }]);
      await change();

      const given = await ask([
        { a: 'x', id: 1 },
        { id: 1, a: 'y' },
        { id: 2, a: 'x' },
      ]);

      expect(namesIn(given)).toEqual(['one', 'changed', 'changed']);
    });

    it('knows an answer by `key`, for its time', async () => {
      vi.useFakeTimers({ toFake: ['performance'] });
      onTestFinished(() => void vi.useRealTimers());
      const cache = cacheOf({ key: '{{ record.id }}', ttlSeconds: 60 });
      const { ask } = await filterFor({ ...config, cache });
      await ask([{ id: 1, a: 'x' }]);
      await change();

      const soon = await ask([{ id: 1, a: 'y' }]);
      vi.advanceTimersByTime(60_000);
      const late = await ask([{ id: 1, a: 'z' }]);

      expect(namesIn([...soon, ...late])).toEqual(['one', 'changed']);
    });

    it('falls back to the whole record where `key` cannot be rendered, and says so', async () => {
      const cache = cacheOf({ key: '{{ record.missing | int }}{{ record.none.deep }}' });
      const { ask, context } = await filterFor({ ...config, cache });
      await ask([{ id: 1 }]);
      await change();

      const given = await ask([{ id: 1 }, { id: 2 }]);

      expect(namesIn(given)).toEqual(['one', 'changed']);
      expect(context.lines.filter(({ level }) => level === 'warn')).toMatchObject([
        { message: 'cache key cannot be rendered, using the default key' },
      ]);
    });

    it('shares no object between records of one answer', async () => {
      const { ask } = await filterFor({ ...config, cache: cacheOf({ key: '{{ record.id }}' }) });

      const [first = {}, second = {}] = await ask([{ id: 1 }, { id: 1 }]);
      Object.assign(first['found'] as JsonRecord, { name: 'spoiled' });
      const third = await ask([{ id: 1 }]);

      expect(namesIn([second, ...third])).toEqual(['one', 'one']);
    });
  });
}
