import { once } from 'node:events';
import { connect as dial, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describeDatabase } from '@cannectors/testkit/databases';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Session } from '../../src/database.ts';
import { codeOf, never, opened, session } from './open.ts';

const statement = (text: string, ...values: (string | number | null)[]) => ({ text, values });
const endless = 'SELECT SLEEP(60)';

describeDatabase('mysql', (place) => {
  const { connectionString } = place;
  const query = (...statements: string[]) => place.query(...statements);

  describe('a connection that is lost', () => {
    it.each(['bulk', 'run', 'blocks', 'command'])('in the middle of %s', async (work) => {
      const database = await opened(connectionString);
      const table = await newTable('id INT PRIMARY KEY');
      const open = await database.acquire(never);
      const thread = await threadOf(open);
      const bulk = await open.bulk({ table, columns: ['id'], mode: 'insert', key: [] }, never);
      await open.command('BEGIN', never);
      await bulk.write([[1]], never);
      const works: Record<string, () => Promise<unknown>> = {
        bulk: () => bulk.write([[2]], never),
        run: async () => {
          const [answer] = await open.run([statement(endless)], 'continue', never);
          throw answer as Error;
        },
        blocks: async () => {
          await all(open.blocks(statement(`${endless} FROM ${table}`), 5, never));
        },
        command: () => open.command(`DO SLEEP(60)`, never),
      };

      if (work === 'bulk') await query(`KILL ${thread}`);
      const running = codeOf(works[work]?.() ?? Promise.resolve());
      if (work !== 'bulk') {
        await until(() => isSleeping(thread));
        await query(`KILL ${thread}`);
      }

      expect(await running).toBe('sql.connection');
      expect(await codeOf(open.command('COMMIT', never))).toBe('sql.connection');
      await open.release();
      const next = await database.acquire(never);
      onTestFinished(() => next.release());
      expect((await next.rows(statement(`SELECT * FROM ${table}`), never)).records).toEqual([]);
    });

    it('while it was idle does no harm', async () => {
      const database = await opened(connectionString);
      const first = await database.acquire(never);
      const thread = await threadOf(first);
      await first.release();

      await query(`KILL ${thread}`);
      await until(async () => !(await isThere(thread)));
      await wait(50);
      const second = await database.acquire(never);
      onTestFinished(() => second.release());

      expect((await second.rows(statement('SELECT 1 AS one'), never)).records).toEqual([
        { one: 1 },
      ]);
    });

    it('together with its network', async () => {
      const { port, breakAll } = await proxy(new URL(connectionString));
      const address = new URL(connectionString);
      address.port = String(port);
      const open = await session(address.href);
      const running = codeOf(open.rows(statement(endless), never));
      await wait(200);

      breakAll();

      expect(await running).toBe('sql.connection');
    });
  });

  describe('waiting', () => {
    it.each(['rows', 'run', 'command', 'blocks', 'bulk'])(
      'is ended by an abort: %s',
      async (work) => {
        const open = await session(connectionString);
        const thread = await threadOf(open);
        const table = await lockedTable();
        const bulk = await open.bulk(
          { table, columns: ['id', 'n'], mode: 'upsert', key: ['id'] },
          never,
        );
        const leaving = new AbortController();
        const { signal } = leaving;
        const works: Record<string, () => Promise<unknown>> = {
          rows: () => open.rows(statement(endless), signal),
          run: async () => {
            const [answer] = await open.run([statement(endless)], 'stop', signal);
            throw answer as Error;
          },
          command: () => open.command('DO SLEEP(60)', signal),
          blocks: async () => {
            await all(open.blocks(statement(endless), 5, signal));
          },
          bulk: () => bulk.write([[1, 5]], signal),
        };

        const running = codeOf(works[work]?.() ?? Promise.resolve());
        await wait(100);
        leaving.abort(new Error('enough'));

        expect(await running).toBe('sql.cancelled');
        await until(async () => !(await isThere(thread)));
      },
    );

    it('does not begin when it is over already', async () => {
      const open = await session(connectionString);

      expect(await codeOf(open.rows(statement('SELECT 1'), AbortSignal.abort()))).toBe(
        'sql.cancelled',
      );
    });

    it('ends with the time-out, and the server stops too', async () => {
      const open = await session(connectionString, { timeoutMs: 1000 });
      const thread = await threadOf(open);

      const fault = await open.rows(statement(endless), never).catch((error: unknown) => error);

      expect(fault).toMatchObject({ code: 'sql.timeout', category: 'network', retry: true });
      await until(async () => !(await isThere(thread)));
      expect(await codeOf(open.rows(statement('SELECT 1'), never))).toBe('sql.connection');
    });

    it('for rows ends with the time-out', async () => {
      const open = await session(connectionString, { timeoutMs: 1000 });
      const slow = statement('SELECT seq, IF(seq < 20000, 0, SLEEP(60)) AS z FROM seq_1_to_100000');

      const code = await codeOf(
        (async () => {
          await all(open.blocks(slow, 100, never));
        })(),
      );

      expect(code).toBe('sql.timeout');
    });

    it('for a server that says nothing ends with the time-out', async () => {
      const silent = createServer();
      const port = await listening(silent);
      const address = new URL(connectionString);
      address.port = String(port);

      expect(await codeOf(opened(address.href, { timeoutMs: 500 }))).toBe('sql.connect');
    });

    it('for a lock ends before the time-out, and the transaction is still there', async () => {
      const table = await lockedTable();
      const open = await session(connectionString, { timeoutMs: 3000 });
      await open.command('BEGIN', never);

      const answers = await open.run(
        [
          statement(`INSERT INTO ${table} VALUES (2, 2)`),
          statement(`UPDATE ${table} SET n = 5 WHERE id = 1`),
          statement(`INSERT INTO ${table} VALUES (3, 3)`),
        ],
        'continue',
        never,
      );
      await open.command('COMMIT', never);

      expect(answers).toEqual([
        1,
        expect.objectContaining({ code: 'sql.timeout', retry: true }),
        1,
      ]);
      expect(await query(`SELECT id FROM ${table} ORDER BY id`)).toEqual([
        { id: 1 },
        { id: 2 },
        { id: 3 },
      ]);
    });
  });

  describe('a deadlock', () => {
    it('ends one transaction whole: nothing of it is stored, and nothing behind it', async () => {
      const table = await newTable('id INT PRIMARY KEY, n INT');
      await query(`INSERT INTO ${table} VALUES (1, 0), (2, 0)`);
      const heavy = await session(connectionString);
      const light = await session(connectionString);
      await heavy.command('BEGIN', never);
      // The server gives up the one that has changed less.
      await heavy.run(
        [
          statement(`INSERT INTO ${table} SELECT seq, 0 FROM seq_100_to_200`),
          statement(`UPDATE ${table} SET n = 1 WHERE id = 1`),
        ],
        'stop',
        never,
      );
      await light.command('BEGIN', never);
      await light.run([statement(`UPDATE ${table} SET n = 2 WHERE id = 2`)], 'stop', never);

      const waiting = heavy.run(
        [statement(`UPDATE ${table} SET n = 1 WHERE id = 2`)],
        'stop',
        never,
      );
      const answers = await light.run(
        [
          statement(`UPDATE ${table} SET n = 2 WHERE id = 1`),
          statement(`INSERT INTO ${table} VALUES (3, 2)`),
        ],
        'continue',
        never,
      );
      const committed = await codeOf(light.command('COMMIT', never));
      await waiting;
      await heavy.command('COMMIT', never);

      expect(answers).toMatchObject([
        { code: 'sql.deadlock', category: 'server', retry: true },
        { code: 'sql.deadlock' },
      ]);
      expect(committed).toBe('sql.deadlock');
      expect(await query(`SELECT id, n FROM ${table} WHERE id < 100 ORDER BY id`)).toEqual([
        { id: 1, n: 1 },
        { id: 2, n: 1 },
      ]);

      await light.command('ROLLBACK', never);
      await light.command('BEGIN', never);
      await light.run([statement(`INSERT INTO ${table} VALUES (3, 3)`)], 'stop', never);
      await light.command('COMMIT', never);
      expect(await query(`SELECT n FROM ${table} WHERE id = 3`)).toEqual([{ n: 3 }]);
    });
  });

  describe('a table that changes or refuses', () => {
    it('loses a column between two batches', async () => {
      const table = await newTable('id INT PRIMARY KEY, n INT');
      const open = await session(connectionString);
      const bulk = await open.bulk(
        { table, columns: ['id', 'n'], mode: 'upsert', key: ['id'] },
        never,
      );
      await bulk.write([[1, 1]], never);

      await query(`ALTER TABLE ${table} DROP COLUMN n`);

      expect(await codeOf(bulk.write([[2, 2]], never))).toBe('sql.no-column');
    });

    it('is gone between two batches', async () => {
      const table = await newTable('id INT PRIMARY KEY');
      const open = await session(connectionString);
      const bulk = await open.bulk({ table, columns: ['id'], mode: 'insert', key: [] }, never);
      await bulk.write([[1]], never);

      await query(`DROP TABLE ${table}`);

      expect(await codeOf(bulk.write([[2]], never))).toBe('sql.no-table');
    });

    it('keeps the good rows of a transaction with violations of every kind', async () => {
      await query('CREATE TABLE parents (id INT PRIMARY KEY)');
      await query('INSERT INTO parents VALUES (1)');
      const table = await newTable(
        'id INT PRIMARY KEY, parent INT NOT NULL, n INT CHECK (n > 0), t VARCHAR(3), FOREIGN KEY (parent) REFERENCES parents (id)',
      );
      const insert = (...values: (string | number | null)[]) =>
        statement(`INSERT INTO ${table} VALUES (?, ?, ?, ?)`, ...values);
      const open = await session(connectionString);

      await open.command('BEGIN', never);
      const answers = await open.run(
        [
          insert(1, 1, 1, 'a'),
          insert(1, 1, 1, 'a'),
          insert(2, 9, 1, 'a'),
          insert(3, null, 1, 'a'),
          insert(4, 1, 0, 'a'),
          insert(5, 1, 1, 'four'),
          statement(`INSERT INTO ${table} VALUES (6, 1, 1)`),
          statement('INSERT INTO not_there VALUES (1)'),
          statement('INSRT'),
          insert(7, 1, 1, 'b'),
        ],
        'continue',
        never,
      );
      await open.command('COMMIT', never);

      expect(
        answers.map((answer) =>
          typeof answer === 'number' ? answer : Reflect.get(answer, 'code'),
        ),
      ).toEqual([
        1,
        'sql.unique',
        'sql.foreign-key',
        'sql.not-null',
        'sql.check',
        'sql.bad-value',
        'sql.query',
        'sql.no-table',
        'sql.syntax',
        1,
      ]);
      expect(await query(`SELECT id FROM ${table}`)).toEqual([{ id: 1 }, { id: 7 }]);
    });

    it('is not written in a read-only transaction', async () => {
      const table = await newTable('id INT PRIMARY KEY');
      const open = await session(connectionString);
      const bulk = await open.bulk({ table, columns: ['id'], mode: 'insert', key: [] }, never);

      await open.command('START TRANSACTION READ ONLY', never);
      const code = await codeOf(bulk.write([[1]], never));
      await open.command('ROLLBACK', never);

      expect(code).toBe('sql.permission');
    });

    it('refuses a value that is larger than the server takes, whichever way it goes', async () => {
      const open = await session(connectionString);
      const [limit] = await query('SELECT @@max_allowed_packet AS bytes');
      const large = 'x'.repeat(Number(limit?.['bytes']));

      const [ran] = await open.run([statement('SELECT LENGTH(?)', large)], 'stop', never);
      const read = await codeOf(open.rows(statement('SELECT LENGTH(?)', large), never));

      expect(ran).toMatchObject({ code: 'sql.query', retry: false });
      expect(read).toBe('sql.query');
      expect((await open.rows(statement('SELECT 1 AS one'), never)).records).toEqual([{ one: 1 }]);
    });
  });

  let tables = 0;

  async function newTable(columns: string): Promise<string> {
    const table = `fail_${++tables}`;
    await query(`CREATE TABLE ${table} (${columns})`);
    return table;
  }

  /** A table with a row that somebody else holds locked until the test is over. */
  async function lockedTable(): Promise<string> {
    const table = await newTable('id INT PRIMARY KEY, n INT');
    await query(`INSERT INTO ${table} VALUES (1, 1)`);
    const other = await session(connectionString);
    await other.command('BEGIN', never);
    await other.run([statement(`UPDATE ${table} SET n = 2 WHERE id = 1`)], 'stop', never);
    return table;
  }

  async function threadOf(open: Session): Promise<number> {
    const { records } = await open.rows(statement('SELECT CONNECTION_ID() AS id'), never);
    return Number(records[0]?.['id']);
  }

  async function isThere(thread: number): Promise<boolean> {
    return (
      (await query(`SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ${thread}`)).length > 0
    );
  }

  async function isSleeping(thread: number): Promise<boolean> {
    const found = await query(
      `SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ${thread} AND INFO LIKE '%SLEEP%'`,
    );
    return found.length > 0;
  }
});

async function all(blocks: AsyncIterable<unknown>): Promise<void> {
  await Array.fromAsync(blocks);
}

/** Waits until something is true. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(20);
}

/** Leads to the server, until all its connections are broken. */
async function proxy({ hostname, port }: URL): Promise<{ port: number; breakAll: () => void }> {
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const upstream = dial(Number(port || 3306), hostname);
    sockets.push(client, upstream);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.pipe(upstream).pipe(client);
  });
  const found = await listening(server);
  return { port: found, breakAll: () => sockets.forEach((socket) => socket.resetAndDestroy()) };
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
