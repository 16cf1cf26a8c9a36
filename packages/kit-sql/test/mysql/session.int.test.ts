import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from '@cannectors/core';
import { describeDatabase } from '@cannectors/testkit/databases';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Block, Database } from '../../src/database.ts';
import { connect } from '../../src/drivers/mysql.ts';
import { codeOf, never, opened, session } from './open.ts';

const statement = (text: string, ...values: (string | number | null)[]) => ({ text, values });

describeDatabase('mysql', (place) => {
  const { connectionString } = place;

  describe('reading', () => {
    it('gives blocks of the wanted size', async () => {
      const open = await session(connectionString);

      const sizes = await sizesOf(
        open.blocks(statement('SELECT seq FROM seq_1_to_1050'), 500, never),
      );
      const prepared = await sizesOf(
        open.blocks(statement('SELECT seq FROM seq_1_to_1050 WHERE seq > ?', 0), 350, never),
      );

      expect(sizes).toEqual([500, 500, 50]);
      expect(prepared).toEqual([350, 350, 350]);
    });

    it('gives no block for no rows, and none for a statement without rows', async () => {
      const open = await session(connectionString);

      expect(
        await sizesOf(open.blocks(statement('SELECT 1 FROM DUAL WHERE FALSE'), 5, never)),
      ).toEqual([]);
      expect(await sizesOf(open.blocks(statement('DO 1'), 5, never))).toEqual([]);
      expect(await open.rows(statement('DO 1'), never)).toEqual({ records: [], instants: [] });
    });

    it('reads what cannot be prepared, and the first result of a procedure', async () => {
      const open = await session(connectionString);
      await place.query('CREATE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 2 AS b; END');

      const { records } = await open.rows(statement('CALL two()'), never);
      const [table] = (await open.rows(statement('CHECKSUM TABLE nothing_here'), never)).records;

      expect(records).toEqual([{ a: 1 }]);
      expect(table).toMatchObject({ Checksum: null });
    });

    it('holds the server back while nobody wants the next rows', async () => {
      const open = await session(connectionString);
      const blocks = open.blocks(
        statement("SELECT seq, REPEAT('x', 1000) AS text FROM seq_1_to_100000"),
        1000,
        never,
      );
      const iterator = blocks[Symbol.asyncIterator]();

      await iterator.next();
      const before = process.memoryUsage.rss();
      await wait(300);
      const grown = process.memoryUsage.rss() - before;
      let rows = 1000;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
        rows += next.value.records.length;
      }

      expect(rows).toBe(100_000);
      expect(grown).toBeLessThan(50_000_000);
    });

    it('counts only its own waiting towards the time-out', async () => {
      const open = await session(connectionString, { timeoutMs: 1500 });
      let rows = 0;

      for await (const { records } of open.blocks(
        statement('SELECT seq FROM seq_1_to_30'),
        10,
        never,
      )) {
        rows += records.length;
        await wait(700);
      }

      expect(rows).toBe(30);
    });

    it('ends the statement when the reader leaves early', async () => {
      const database = await opened(connectionString, { maxOpenConns: 1 });
      const first = await database.acquire(never);

      for await (const { records } of first.blocks(
        statement('SELECT seq FROM seq_1_to_5000000'),
        10,
        never,
      )) {
        expect(records).toHaveLength(10);
        break;
      }
      await first.release();
      const second = await database.acquire(never);
      onTestFinished(() => second.release());

      expect((await second.rows(statement('SELECT 1 AS one'), never)).records).toEqual([
        { one: 1 },
      ]);
    });

    it('fails in the middle of rows, and goes on with the next statement', async () => {
      const open = await session(connectionString);
      const text = 'SELECT IF(seq < 500, seq, (SELECT 1 UNION SELECT 2)) AS n FROM seq_1_to_1000';

      const code = await codeOf(sizesOf(open.blocks(statement(text), 100, never)));

      expect(code).toBe('sql.query');
      expect((await open.rows(statement('SELECT 1 AS one'), never)).records).toEqual([{ one: 1 }]);
    });
  });

  describe('running statements', () => {
    it('counts the rows of each', async () => {
      const open = await session(connectionString);
      await place.query('CREATE TABLE counted (id INT PRIMARY KEY, n INT)');

      const answers = await open.run(
        [
          statement('INSERT INTO counted VALUES (?, ?), (?, ?)', 1, 1, 2, 2),
          statement('UPDATE counted SET n = ?', 2),
          statement('SELECT * FROM counted'),
          statement('DELETE FROM counted WHERE id = ?', 7),
        ],
        'stop',
        never,
      );

      expect(answers).toEqual([2, 2, 0, 0]);
    });

    it.each([
      ['stop', 2, [1]],
      ['continue', 3, [1, 3]],
      ['savepoint', 3, [1, 3]],
    ] as const)('after a failure: %s', async (onFailure, length, stored) => {
      const open = await session(connectionString);
      const table = `after_${onFailure}`;
      await place.query(`CREATE TABLE ${table} (id INT PRIMARY KEY)`);

      await open.command('BEGIN', never);
      const answers = await open.run(
        [1, 1, 3].map((id) => statement(`INSERT INTO ${table} VALUES (?)`, id)),
        onFailure,
        never,
      );
      await open.command('COMMIT', never);

      expect(answers).toHaveLength(length);
      expect(answers[1]).toMatchObject({ code: 'sql.unique', retry: false });
      expect(await place.query(`SELECT id FROM ${table} ORDER BY id`)).toEqual(
        stored.map((id) => ({ id })),
      );
    });

    it('leaves nothing of a procedure that failed half way', async () => {
      const open = await session(connectionString);
      await place.query(
        'CREATE TABLE halves (id INT PRIMARY KEY)',
        'CREATE PROCEDURE half(n INT) BEGIN INSERT INTO halves VALUES (n); INSERT INTO halves VALUES (1); END',
      );

      await open.command('BEGIN', never);
      const answers = await open.run(
        [
          statement('INSERT INTO halves VALUES (1)'),
          statement('CALL half(?)', 2),
          statement('INSERT INTO halves VALUES (3)'),
        ],
        'savepoint',
        never,
      );
      await open.command('COMMIT', never);

      expect(answers.map((answer) => typeof answer)).toEqual(['number', 'object', 'number']);
      expect(await place.query('SELECT id FROM halves')).toEqual([{ id: 1 }, { id: 3 }]);
    });

    it('keeps as many statements prepared as it needs, not more', async () => {
      const open = await session(connectionString);
      const many = Array.from({ length: 200 }, (_, index) => statement(`SELECT ${index} + ?`, 1));

      await open.run(many, 'stop', never);
      const { records } = await open.rows(
        statement(
          "SHOW SESSION STATUS WHERE Variable_name IN ('Com_stmt_prepare', 'Com_stmt_close')",
        ),
        never,
      );

      const [closed = 0, prepared = 0] = records.map(({ Value }) => Number(Value));
      expect(prepared).toBeGreaterThanOrEqual(200);
      expect(prepared - closed).toBeLessThan(100);
    });

    it('stores SQL in data as data', async () => {
      const open = await session(connectionString);
      await place.query('CREATE TABLE quotes (t VARCHAR(80))');
      const text = `'); DROP TABLE quotes; -- \\' " \``;

      await open.run([statement('INSERT INTO quotes VALUES (?)', text)], 'stop', never);

      expect(await place.query('SELECT t FROM quotes')).toEqual([{ t: text }]);
    });
  });

  describe('a connection that is lent', () => {
    it('is waited for, and the wait can be ended', async () => {
      const database = await opened(connectionString, { maxOpenConns: 1 });
      const first = await database.acquire(never);
      const leaving = new AbortController();
      const left = codeOf(database.acquire(leaving.signal));
      const served = database.acquire(never);

      leaving.abort();
      expect(await left).toBe('sql.cancelled');
      await first.release();

      const second = await served;
      expect((await second.rows(statement('SELECT 1 AS one'), never)).records).toEqual([
        { one: 1 },
      ]);
      await second.release();
    });

    it('is the same one as long as it is well', async () => {
      const database = await opened(connectionString);
      const thread = async (): Promise<unknown> => {
        const lent = await database.acquire(never);
        const { records } = await lent.rows(statement('SELECT CONNECTION_ID() AS id'), never);
        await lent.release();
        return records[0]?.['id'];
      };

      expect(await thread()).toBe(await thread());
    });

    it('takes an open transaction with it', async () => {
      const database = await opened(connectionString, { maxOpenConns: 1 });
      await place.query('CREATE TABLE open_end (id INT)');
      const first = await database.acquire(never);
      await first.command('BEGIN', never);
      await first.run([statement('INSERT INTO open_end VALUES (1)')], 'stop', never);

      await first.release();
      const second = await database.acquire(never);
      await second.run([statement('INSERT INTO open_end VALUES (2)')], 'stop', never);
      await second.release();

      expect(await place.query('SELECT id FROM open_end')).toEqual([{ id: 2 }]);
    });

    it('knows the tables that were written to before', async () => {
      const database = await opened(connectionString, { maxOpenConns: 1 });
      await place.query('CREATE TABLE known (id INT PRIMARY KEY)');

      for (let batch = 0; batch < 5; batch++) await deleted(database, 'known', [batch]);

      expect(await counter(database, 'Com_create_temporary_table')).toBe(1);
    });

    it('asks again for a table that a write has failed on', async () => {
      const database = await opened(connectionString, { maxOpenConns: 1 });
      await place.query(
        'CREATE TABLE grows (id VARCHAR(3) PRIMARY KEY)',
        "INSERT INTO grows VALUES ('one')",
      );
      await deleted(database, 'grows', ['two']);
      await place.query(
        'ALTER TABLE grows MODIFY id VARCHAR(9)',
        "INSERT INTO grows VALUES ('three')",
      );

      const code = await codeOf(deleted(database, 'grows', ['three']));
      await deleted(database, 'grows', ['three']);

      expect(code).toBe('sql.bad-value');
      expect(await place.query('SELECT id FROM grows')).toEqual([{ id: 'one' }]);
      expect(await counter(database, 'Com_drop_temporary_table')).toBe(1);
    });

    it('forgets tables when there are many', async () => {
      const database = await opened(connectionString, { maxOpenConns: 1 });
      const names = Array.from({ length: 20 }, (_, index) => `many_${index}`);
      await place.query(...names.map((name) => `CREATE TABLE ${name} (id INT PRIMARY KEY)`));

      for (const name of names) await deleted(database, name, [1]);

      expect(await counter(database, 'Com_drop_temporary_table')).toBe(3);
    });

    it('is given back once', async () => {
      const database = await opened(connectionString, { maxOpenConns: 1 });
      const first = await database.acquire(never);

      await first.release();
      const second = await database.acquire(never);
      await first.release();
      const third = database.acquire(never);

      const isLent = await Promise.race([third.then(() => true), wait(100, false)]);
      await second.release();
      await (await third).release();
      expect(isLent).toBe(false);
    });
  });

  describe('a session', () => {
    it('is strict, in UTC and utf8mb4, and keeps the words of the server', async () => {
      const address = new URL(connectionString);
      address.searchParams.set('sql_mode', "'ANSI_QUOTES'");
      const open = await session(address.href);

      const { records } = await open.rows(
        statement(
          'SELECT @@sql_mode AS mode, @@time_zone AS zone, @@character_set_client AS charset',
        ),
        never,
      );

      expect(records).toEqual([
        { mode: 'ANSI_QUOTES,STRICT_ALL_TABLES', zone: '+00:00', charset: 'utf8mb4' },
      ]);
    });

    it.each([
      [
        'a wrong password',
        (url: URL) => void ((url.username = 'nobody'), (url.password = 'secret')),
        'authentication',
      ],
      ['an unknown database', (url: URL) => void (url.pathname = '/not_there'), 'validation'],
      [
        'a host that is not there',
        (url: URL) => void (url.hostname = 'nowhere.invalid'),
        'network',
      ],
      ['a closed port', (url: URL) => void (url.port = '1'), 'network'],
      [
        'a server without TLS',
        (url: URL) => url.searchParams.set('tls', 'skip-verify'),
        'validation',
      ],
    ])('does not begin with %s', async (_, change, category) => {
      const address = new URL(connectionString);
      change(address);

      const opening = connect(
        address.href,
        {
          int64: 'exact',
          binary: 'text',
          maxOpenConns: 1,
          maxIdleConns: 1,
          connMaxLifetimeSeconds: 9,
          connMaxIdleTimeSeconds: 9,
          timeoutMs: 9000,
        },
        never,
      );

      await expect(opening).rejects.toMatchObject({
        code: 'sql.connect',
        category,
        message: expect.not.stringContaining('secret') as string,
      });
    });

    it('takes the way without TLS that is preferred only', async () => {
      const address = new URL(connectionString);
      address.searchParams.set('tls', 'preferred');

      const open = await session(address.href);

      expect((await open.rows(statement('SELECT 1 AS one'), never)).records).toEqual([{ one: 1 }]);
    });
  });
});

/** Deletes rows in the bulk form, in a transaction of its own. */
async function deleted(database: Database, table: string, ids: readonly Json[]): Promise<void> {
  const lent = await database.acquire(never);
  try {
    const bulk = await lent.bulk({ table, columns: ['id'], mode: 'delete', key: ['id'] }, never);
    await lent.command('BEGIN', never);
    await bulk.write(
      ids.map((id) => [id]),
      never,
    );
    await lent.command('COMMIT', never);
  } catch (error) {
    await lent.command('ROLLBACK', never);
    throw error;
  } finally {
    await lent.release();
  }
}

/** How often the server has done something for the connection. */
async function counter(database: Database, name: string): Promise<number> {
  const lent = await database.acquire(never);
  const { records } = await lent.rows(statement(`SHOW SESSION STATUS LIKE '${name}'`), never);
  await lent.release();
  return Number(records[0]?.['Value']);
}

async function sizesOf(blocks: AsyncIterable<Block>): Promise<number[]> {
  const sizes: number[] = [];
  for await (const { records } of blocks) sizes.push(records.length);
  return sizes;
}
