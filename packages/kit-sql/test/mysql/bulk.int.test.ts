import type { Json } from '@cannectors/core';
import { describeDatabase } from '@cannectors/testkit/databases';
import { describe, expect, it } from 'vitest';
import type { BulkPlan, Session } from '../../src/database.ts';
import { codeOf, never, session } from './open.ts';

describeDatabase('mysql', (place) => {
  const { connectionString } = place;
  const query = (...statements: string[]) => place.query(...statements);

  describe('insert', () => {
    it.each([0, 1, 7, 999, 1000, 1001, 3456])('writes %i rows', async (count) => {
      const table = await newTable('id INT PRIMARY KEY, name VARCHAR(40)');
      const rows = Array.from({ length: count }, (_, id) => [id, `name ${id}`]);

      await written({ table, columns: ['id', 'name'] }, rows);

      expect(
        await query(`SELECT COUNT(*) AS n, COALESCE(SUM(id), 0) AS sum FROM ${table}`),
      ).toEqual([{ n: String(count), sum: String((count * (count - 1)) / 2) }]);
    });

    it('writes wide rows with fewer of them per statement', async () => {
      const columns = Array.from({ length: 300 }, (_, index) => `c${index}`);
      const table = await newTable(columns.map((name) => `${name} INT`).join(', '));
      const rows = Array.from({ length: 500 }, (_, row) =>
        columns.map((_name, index) => row + index),
      );

      await written({ table, columns }, rows);

      expect(await query(`SELECT COUNT(*) AS n, SUM(c299) AS sum FROM ${table}`)).toEqual([
        { n: '500', sum: String(500 * 299 + (499 * 500) / 2) },
      ]);
    });

    it('keeps to what the server takes at once', async () => {
      const table = await newTable('id INT PRIMARY KEY, body LONGTEXT');
      const rows = Array.from({ length: 60 }, (_, id) => [id, '€'.repeat(400_000)]);

      await written({ table, columns: ['id', 'body'] }, rows);

      expect(await query(`SELECT COUNT(*) AS n, SUM(LENGTH(body)) AS bytes FROM ${table}`)).toEqual(
        [{ n: '60', bytes: '72000000' }],
      );
    });

    it('refuses a row that the server would not take, and the connection lives', async () => {
      const table = await newTable('id INT, body LONGTEXT');
      const open = await session(connectionString);
      const bulk = await open.bulk(planOf({ table, columns: ['id', 'body'] }), never);
      const [limit] = await query('SELECT @@max_allowed_packet AS bytes');
      const large = 'x'.repeat(Number(limit?.['bytes']));

      const fault = await bulk.write([[1, large]], never).catch((error: unknown) => error);
      await bulk.write([[2, 'small']], never);

      expect(fault).toMatchObject({ code: 'sql.query', retry: false });
      expect((fault as Error).message).toContain('max_allowed_packet');
      expect(await query(`SELECT id FROM ${table}`)).toEqual([{ id: 2 }]);
    });

    it('takes names as names, and a table of another database', async () => {
      const [here] = await query('SELECT DATABASE() AS name');
      await query('CREATE TABLE `odd ``t; DROP` (`a b` INT, `select` INT)');

      await written(
        { table: `${String(here?.['name'])}.odd \`t; DROP`, columns: ['select', 'a b'] },
        [[1, 2]],
      );

      expect(await query('SELECT * FROM `odd ``t; DROP`')).toEqual([{ 'a b': 2, select: 1 }]);
    });

    it.each([
      [{ table: 'not_there', columns: ['a'] }, 'sql.no-table'],
      [{ table: 'nowhere.not_there', columns: ['a'] }, 'sql.no-table'],
      [{ table: 'exists', columns: ['id', 'nmae'] }, 'sql.no-column'],
    ])('says what is not there: %o', async (plan, code) => {
      await query('CREATE TABLE IF NOT EXISTS `exists` (id INT)');
      const open = await session(connectionString);

      expect(await codeOf(open.bulk(planOf(plan), never))).toBe(code);
    });
  });

  describe('upsert', () => {
    it('updates by the key, inserts the others, and the last row with a key wins', async () => {
      const table = await newTable('id INT PRIMARY KEY, name VARCHAR(20), untouched INT DEFAULT 7');
      await query(`INSERT INTO ${table} VALUES (1, 'old', 1), (2, 'old', 2)`);

      await written({ table, columns: ['id', 'name'], mode: 'upsert', key: ['id'] }, [
        [1, 'a'],
        [3, 'b'],
        [1, 'c'],
        [3, 'd'],
      ]);

      expect(await query(`SELECT * FROM ${table} ORDER BY id`)).toEqual([
        { id: 1, name: 'c', untouched: 1 },
        { id: 2, name: 'old', untouched: 2 },
        { id: 3, name: 'd', untouched: 7 },
      ]);
    });

    it('works with a key of several columns, in any order, and with nothing but the key', async () => {
      const table = await newTable('a INT, b VARCHAR(9), n INT NULL, UNIQUE KEY (a, b)');

      await written({ table, columns: ['n', 'b', 'a'], mode: 'upsert', key: ['B', 'a'] }, [
        [1, 'x', 1],
        [2, 'y', 1],
        [3, 'x', 1],
      ]);
      await written({ table, columns: ['a', 'b'], mode: 'upsert', key: ['a', 'b'] }, [
        [1, 'x'],
        [2, 'x'],
      ]);

      expect(await query(`SELECT * FROM ${table} ORDER BY a, b`)).toEqual([
        { a: 1, b: 'x', n: 3 },
        { a: 1, b: 'y', n: 2 },
        { a: 2, b: 'x', n: null },
      ]);
    });

    it.each(['INT', 'VARCHAR(9)', 'DATETIME', 'VARBINARY(9)', 'DECIMAL(9,2)'])(
      'never changes a row of another key (%s) that has the same value in a second unique index',
      async (type) => {
        const key = (digit: number): Json =>
          type === 'DATETIME' ? `2026-01-0${digit} 00:00:00` : String(digit);
        const table = await newTable(`id ${type} PRIMARY KEY, mail VARCHAR(20) UNIQUE, n INT`);
        const plan = { table, columns: ['id', 'mail', 'n'], mode: 'upsert', key: ['id'] } as const;
        await written(plan, [
          [key(1), 'a@x', 1],
          [key(2), 'b@x', 1],
        ]);
        await written(plan, [
          [key(1), 'a@x', 2],
          [key(3), 'c@x', 2],
        ]);

        const taken = await codeOf(written(plan, [[key(4), 'b@x', 3]]));
        const moved = await codeOf(written(plan, [[key(1), 'b@x', 3]]));

        expect([taken, moved]).toEqual(['sql.unique', 'sql.unique']);
        expect(await query(`SELECT mail, n FROM ${table} ORDER BY mail`)).toEqual([
          { mail: 'a@x', n: 2 },
          { mail: 'b@x', n: 1 },
          { mail: 'c@x', n: 2 },
        ]);
      },
    );

    it('goes by another unique key than the primary one', async () => {
      const table = await newTable(
        'id INT AUTO_INCREMENT PRIMARY KEY, code VARCHAR(9) NULL UNIQUE, n INT',
      );
      const plan = { table, columns: ['code', 'n'], mode: 'upsert', key: ['code'] } as const;

      await written(plan, [
        ['a', 1],
        ['b', 1],
      ]);
      await written(plan, [['b', 2]]);

      expect(await query(`SELECT code, n FROM ${table} ORDER BY code`)).toEqual([
        { code: 'a', n: 1 },
        { code: 'b', n: 2 },
      ]);
    });

    it.each([[['name']], [['id', 'name']], [['part']]])(
      'needs an index of exactly the key: %o',
      async (key) => {
        const table = await newTable(
          'id INT PRIMARY KEY, name VARCHAR(20), part TEXT, UNIQUE KEY (part(5))',
        );
        const open = await session(connectionString);
        const plan = planOf({ table, columns: ['id', 'name', 'part'], mode: 'upsert', key });

        const fault = await open.bulk(plan, never).catch((error: unknown) => error);

        expect(fault).toMatchObject({ code: 'sql.no-unique-key', retry: false });
      },
    );
  });

  describe('update', () => {
    it('changes the rows that are there, and the last row with a key wins', async () => {
      const table = await newTable('id BIGINT PRIMARY KEY, name VARCHAR(20), n INT NULL');
      await query(
        `INSERT INTO ${table} VALUES (1, 'old', 1), (2, 'old', 2), (9007199254740993, 'old', 3)`,
      );

      await written({ table, columns: ['name', 'n', 'id'], mode: 'update', key: ['id'] }, [
        ['a', 10, 1],
        ['b', null, 9_007_199_254_740_993n],
        ['never', 5, 4],
        ['c', 11, 1],
      ]);

      expect(await query(`SELECT * FROM ${table} ORDER BY id`)).toEqual([
        { id: '1', name: 'c', n: 11 },
        { id: '2', name: 'old', n: 2 },
        { id: '9007199254740993', name: 'b', n: null },
      ]);
    });

    it('compares keys as the table does, and needs no index', async () => {
      const table = await newTable('code VARCHAR(9), n INT');
      await query(`INSERT INTO ${table} VALUES ('Ab', 1), ('ab', 2), ('c', 3)`);

      await written({ table, columns: ['code', 'n'], mode: 'update', key: ['code'] }, [
        ['ab', 8],
        ['AB', 9],
      ]);

      expect(await query(`SELECT n FROM ${table} ORDER BY n`)).toEqual([
        { n: 3 },
        { n: 9 },
        { n: 9 },
      ]);
    });

    it('forgets the rows of the call before, and of one that was rolled back', async () => {
      const table = await newTable('id INT PRIMARY KEY, n INT');
      await query(`INSERT INTO ${table} VALUES (1, 0), (2, 0)`);
      const open = await session(connectionString);
      const bulk = await open.bulk(
        planOf({ table, columns: ['id', 'n'], mode: 'update', key: ['id'] }),
        never,
      );

      await open.command('BEGIN', never);
      await bulk.write([[1, 1]], never);
      await open.command('ROLLBACK', never);
      await query(`UPDATE ${table} SET n = 5 WHERE id = 1`);
      await open.command('BEGIN', never);
      await bulk.write([[2, 2]], never);
      await open.command('COMMIT', never);

      expect(await query(`SELECT n FROM ${table} ORDER BY id`)).toEqual([{ n: 5 }, { n: 2 }]);
    });

    it('does nothing when there is nothing but the key', async () => {
      const table = await newTable('id INT PRIMARY KEY');

      await written({ table, columns: ['id'], mode: 'update', key: ['id'] }, [[1]]);

      expect(await query(`SELECT * FROM ${table}`)).toEqual([]);
    });
  });

  describe('delete', () => {
    it('takes away the rows of the keys, and no others', async () => {
      const table = await newTable('a BIGINT, b VARCHAR(9), n INT, PRIMARY KEY (a, b)');
      await query(
        `INSERT INTO ${table} VALUES (9007199254740992, 'x', 1), (9007199254740993, 'x', 2), (9007199254740993, 'y', 3)`,
      );

      await written({ table, columns: ['n', 'b', 'a'], mode: 'delete', key: ['a', 'b'] }, [
        ['ignored', 'x', 9_007_199_254_740_993n],
        [null, 'x', 9_007_199_254_740_993n],
        [null, 'none', 1],
      ]);

      expect(await query(`SELECT n FROM ${table} ORDER BY n`)).toEqual([{ n: 1 }, { n: 3 }]);
    });

    it('takes away many', async () => {
      const table = await newTable('id INT PRIMARY KEY');
      await query(`INSERT INTO ${table} SELECT seq FROM seq_1_to_5000`);

      await written(
        { table, columns: ['id'], mode: 'delete', key: ['id'] },
        Array.from({ length: 2345 }, (_, index) => [index * 2]),
      );

      expect(await query(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual([{ n: '2656' }]);
    });
  });

  it.each(['insert', 'upsert', 'update', 'delete'] as const)(
    '%s lets a null key or value fail where the table wants one',
    async (mode) => {
      const table = await newTable('id INT PRIMARY KEY, n INT NOT NULL');
      const key = mode === 'insert' ? [] : ['id'];

      const code = await codeOf(written({ table, columns: ['id', 'n'], mode, key }, [[null, 1]]));

      expect(code).toBe('sql.not-null');
    },
  );

  it.each(['insert', 'upsert', 'update', 'delete'] as const)(
    '%s undoes its transaction when a row fails',
    async (mode) => {
      const table = await newTable('id INT PRIMARY KEY, n TINYINT');
      await query(`INSERT INTO ${table} VALUES (1, 1)`);
      const open = await session(connectionString);
      const key = mode === 'insert' ? [] : ['id'];
      const bulk = await open.bulk(planOf({ table, columns: ['id', 'n'], mode, key }), never);
      const rows = Array.from({ length: 1200 }, (_, id) => [id + (mode === 'insert' ? 2 : 1), 5]);

      await open.command('BEGIN', never);
      const code = await codeOf(bulk.write([...rows, ['no number', 5]], never));
      await open.command('ROLLBACK', never);

      expect(code).toBe('sql.bad-value');
      expect(await query(`SELECT * FROM ${table}`)).toEqual([{ id: 1, n: 1 }]);
    },
  );

  let tables = 0;

  async function newTable(columns: string): Promise<string> {
    const table = `bulk_${++tables}`;
    await query(`CREATE TABLE ${table} (${columns})`);
    return table;
  }

  /** Writes rows in one transaction over a session of its own. */
  async function written(
    plan: Parameters<typeof planOf>[0],
    rows: readonly Json[][],
  ): Promise<void> {
    const open: Session = await session(connectionString);
    const bulk = await open.bulk(planOf(plan), never);
    await open.command('BEGIN', never);
    try {
      await bulk.write(rows, never);
      await open.command('COMMIT', never);
    } catch (error) {
      await open.command('ROLLBACK', never);
      throw error;
    }
  }
});

function planOf(
  plan: Pick<BulkPlan, 'table' | 'columns'> & Partial<Pick<BulkPlan, 'mode' | 'key'>>,
): BulkPlan {
  return { mode: 'insert', key: [], ...plan };
}
