import type { Json, JsonRecord } from '@cannectors/core';
import { describeDatabase } from '@cannectors/testkit/databases';
import { beforeAll, describe, expect, it } from 'vitest';
import { reading, recordsIn } from './reading.ts';

const ids = (records: readonly JsonRecord[]): Json[] => records.map(({ id }) => id ?? null);

describeDatabase('sqlite', (place) => {
  const { connectionString, query } = place;
  const all = 'SELECT id FROM things ORDER BY id';
  const read = async (config: JsonRecord): Promise<Json[]> =>
    ids(await (await reading({ connectionString, ...config })).records());

  beforeAll(async () => {
    await query(
      'CREATE TABLE things (id integer, part integer)',
      'INSERT INTO things VALUES (1, 7), (2, 7), (3, 7), (4, NULL), (5, 8), (6, 9)',
    );
  });

  describe('pages by limit and offset', () => {
    it.each([1, 2, 3, 6, 100])('of %i read everything once', async (limit) => {
      expect(await read({ query: all, pagination: { type: 'limit-offset', limit } })).toEqual([
        1, 2, 3, 4, 5, 6,
      ]);
    });

    it('stand where the query has them', async () => {
      const placed = {
        query: 'SELECT id FROM (SELECT * FROM things LIMIT $2 OFFSET $1) AS page -- all of it',
        parameters: ['pagination.offset', 'pagination.limit'],
        pagination: { type: 'limit-offset', limit: 4 },
      };

      expect(await read(placed)).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('begin at the stored offset', async () => {
      const input = await reading({
        connectionString,
        query: all,
        pagination: { type: 'limit-offset', limit: 2 },
        statePersistence: { offset: { enabled: true } },
      });
      const chunks = await input.read({ offset: 3 });

      expect(ids(recordsIn(chunks))).toEqual([4, 5, 6]);
      expect(chunks.at(-1)?.checkpoint).toEqual({ offset: 6 });
    });

    it.each([`${all};`, `${all} -- everything`, `${all} /* everything */`])(
      'cannot be put behind %j',
      async (sql) => {
        await expect(
          read({ query: sql, pagination: { type: 'limit-offset' } }),
        ).rejects.toMatchObject({ code: 'database.open-end', pointer: '/query' });
      },
    );
  });

  describe('pages by cursor', () => {
    const paged = (column: string, limit: number) => ({
      query: `SELECT id, part FROM things WHERE ${column} > $1 ORDER BY ${column} LIMIT $2`,
      parameters: ['pagination.cursor ?? 0', 'pagination.limit'],
      pagination: { type: 'cursor', cursorField: column, limit },
    });

    it.each([1, 2, 3, 6, 100])('of %i read everything once', async (limit) => {
      expect(await read(paged('id', limit))).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('need a parameter that refers to them', async () => {
      const config = { query: all, pagination: { type: 'cursor', cursorField: 'id' } };

      await expect(read(config)).rejects.toMatchObject({ code: 'database.cursor-unused' });
    });

    it.each([
      ['is null', 'SELECT id, NULL AS part FROM things LIMIT $1'],
      ['is the same as before', 'SELECT id, 7 AS part FROM things LIMIT $1'],
      ['is not there', 'SELECT id FROM things LIMIT $1'],
    ])('end with a fault when the cursor %s', async (_, sql) => {
      const config = {
        query: sql,
        parameters: ['pagination.limit'],
        pagination: { type: 'cursor', cursorField: 'part', limit: 2 },
      };

      await expect(read(config)).rejects.toMatchObject({
        code: 'database.no-next-page',
        pointer: '/pagination/cursorField',
      });
    });
  });
});
