import { describeDatabase } from '@cannectors/testkit/databases';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/database.ts';
import { faultOf, lent, never, open, openSession, statement, told } from './open.ts';

describeDatabase('postgres', (place) => {
  beforeEach(() =>
    place.query('DROP TABLE IF EXISTS t', 'CREATE TABLE t (id int PRIMARY KEY, name text)'),
  );

  const insert = (id: number) => statement('INSERT INTO t VALUES ($1, $2)', id, 'x');
  const pidOf = async (session: Session) =>
    Number(
      (await session.rows(statement('SELECT pg_backend_pid() AS pid'), never)).records[0]?.['pid'],
    );
  const isWaiting = (pid: number) =>
    expect
      .poll(() => place.query(`SELECT wait_event_type FROM pg_stat_activity WHERE pid = ${pid}`), {
        timeout: 30_000,
      })
      .toEqual([{ wait_event_type: 'Lock' }]);

  describe('a connection that the server ends', () => {
    it('while rows are written: nothing of the transaction stays, the next connection works', async () => {
      const database = await open(place);
      const session = await lent(database);
      const pid = await pidOf(session);
      const bulk = await session.bulk(
        { table: 't', columns: ['id', 'name'], mode: 'insert', key: [] },
        never,
      );
      await session.command('BEGIN', never);
      await bulk.write([[1, 'x']], never);

      await place.query(`SELECT pg_terminate_backend(${pid})`);
      const rows = Array.from({ length: 50_000 }, (_, id) => [id + 2, 'x'.repeat(100)]);
      const fault = await faultOf(bulk.write(rows, never));
      const next = await faultOf(session.command('COMMIT', never));
      await session.release();

      expect([fault.code, fault.retry, next.code]).toEqual([
        'sql.connection',
        true,
        'sql.connection',
      ]);
      const other = await lent(database);
      expect((await other.rows(statement('SELECT * FROM t'), never)).records).toEqual([]);
    });

    it('in the middle of pipelined statements: what was done is known', async () => {
      const session = await openSession(place);
      const kill = statement('SELECT pg_terminate_backend(pg_backend_pid())');

      const answers = await session.run(
        [insert(1), insert(2), kill, insert(3), insert(4)],
        'continue',
        never,
      );

      expect(told(answers)).toEqual([1, 1, 'sql.connection', 'sql.connection', 'sql.connection']);
      expect(await place.query('SELECT id FROM t ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
    });

    it('in the middle of reading', async () => {
      const session = await openSession(place);
      const pid = await pidOf(session);
      const text = 'SELECT n FROM generate_series(1, 5000000) AS n';

      const fault = await faultOf(
        (async () => {
          let count = 0;
          for await (const { records } of session.blocks(statement(text), 100, never)) {
            if (count === 0) await place.query(`SELECT pg_terminate_backend(${pid})`);
            count += records.length;
          }
        })(),
      );

      expect(fault).toMatchObject({ code: 'sql.connection', category: 'network', retry: true });
    });

    it('while it was idle', async () => {
      const database = await open(place);
      const session = await lent(database);
      const pid = await pidOf(session);
      await session.release();
      await place.query(`SELECT pg_terminate_backend(${pid})`);
      await expect
        .poll(() => place.query(`SELECT 1 FROM pg_stat_activity WHERE pid = ${pid}`), {
          timeout: 30_000,
        })
        .toEqual([]);

      // The news may still be on its way here: a statement fails then, and the connection after it works.
      const first = await lent(database);
      await first.rows(statement('SELECT 1'), never).catch(() => {});
      await first.release();
      const second = await lent(database);

      expect((await second.rows(statement('SELECT 1 AS one'), never)).records).toEqual([
        { one: 1 },
      ]);
    });
  });

  it('ends a statement that takes too long, and keeps the connection', async () => {
    const session = await openSession(place, { timeoutMs: 500 });
    const pid = await pidOf(session);

    const faults = [
      await faultOf(session.rows(statement('SELECT pg_sleep(60)'), never)),
      await faultOf(session.command('SELECT pg_sleep(60)', never)),
    ];

    expect(faults).toEqual([
      expect.objectContaining({ code: 'sql.timeout', category: 'network', retry: true }),
      expect.objectContaining({ code: 'sql.timeout' }),
    ]);
    expect(await pidOf(session)).toBe(pid);
  });

  it('ends a statement of many that takes too long, and goes on', async () => {
    const session = await openSession(place, { timeoutMs: 1000 });
    const slow = statement('SELECT pg_sleep(60)');

    const answers = await session.run(
      [insert(1), slow, insert(2), slow, insert(3)],
      'continue',
      never,
    );

    expect(told(answers)).toEqual([1, 'sql.timeout', 1, 'sql.timeout', 1]);
  });

  it('gives a connection up whose server does not answer any more', async () => {
    const session = await openSession(place, { timeoutMs: 300 });
    // A function that no cancel request ends.
    await place.query(
      `CREATE OR REPLACE FUNCTION stubborn() RETURNS void LANGUAGE plpgsql AS $$
         DECLARE until timestamptz := clock_timestamp() + interval '30 s';
         BEGIN
           WHILE clock_timestamp() < until LOOP
             BEGIN PERFORM pg_sleep(1); EXCEPTION WHEN query_canceled THEN NULL; END;
           END LOOP;
         END $$`,
    );

    const fault = await faultOf(session.rows(statement('SELECT stubborn()'), never));
    const next = await faultOf(session.rows(statement('SELECT 1'), never));

    expect([fault.code, next.code]).toEqual(['sql.timeout', 'sql.connection']);
  });

  it('ends a statement that is aborted, and runs none for an aborted signal', async () => {
    const session = await openSession(place);
    const pid = await pidOf(session);
    const abort = new AbortController();

    const running = faultOf(session.rows(statement('SELECT pg_sleep(60)'), abort.signal));
    await expect
      .poll(
        () =>
          place.query(
            `SELECT query FROM pg_stat_activity WHERE pid = ${pid} AND wait_event = 'PgSleep'`,
          ),
        { timeout: 30_000 },
      )
      .toHaveLength(1);
    abort.abort();
    const faults = [await running, await faultOf(session.run([insert(1)], 'stop', abort.signal))];

    expect(faults.map(({ code }) => code)).toEqual(['sql.cancelled', 'sql.cancelled']);
    expect(await pidOf(session)).toBe(pid);
    expect(await place.query('SELECT * FROM t')).toEqual([]);
  });

  it('reports a lock that is not given in time', async () => {
    const database = await open(place);
    const [one, other] = [await lent(database), await lent(database)];
    await one.run([insert(1)], 'stop', never);
    await one.command('BEGIN', never);
    await one.command('UPDATE t SET name = NULL', never);

    await other.command(`SET lock_timeout = '200ms'`, never);
    const [answer] = await other.run([statement('UPDATE t SET name = $1', 'y')], 'stop', never);
    await one.command('ROLLBACK', never);

    expect(answer).toMatchObject({
      code: 'sql.timeout',
      retry: true,
      details: { driver_code: '55P03' },
    });
  });

  it('reports a deadlock to the one that the server gives up', async () => {
    const database = await open(place);
    const [one, other] = [await lent(database), await lent(database)];
    await one.run([insert(1), insert(2)], 'stop', never);
    const update = (id: number) => [statement('UPDATE t SET name = $1 WHERE id = $2', 'y', id)];
    for (const session of [one, other]) await session.command('BEGIN', never);
    const pid = await pidOf(one);
    await one.run(update(1), 'stop', never);
    await other.run(update(2), 'stop', never);

    const waiting = one.run(update(2), 'stop', never);
    await isWaiting(pid);
    const answers = [...(await other.run(update(1), 'stop', never)), ...(await waiting)];
    for (const session of [one, other]) await session.command('ROLLBACK', never);

    expect(new Set(told(answers))).toEqual(new Set([1, 'sql.deadlock']));
    expect(answers.find((answer) => answer instanceof Error)).toMatchObject({
      category: 'server',
      retry: true,
    });
  });

  it.each([
    ['INSERT INTO child VALUES (1, 99, 1)', 'sql.foreign-key'],
    ['INSERT INTO child VALUES (NULL, 1, 1)', 'sql.not-null'],
    ['INSERT INTO child VALUES (1, 1, -1)', 'sql.check'],
    ['INSERT INTO child VALUES (1, 1, 1), (1, 1, 1)', 'sql.unique'],
    [`INSERT INTO child VALUES (1, 1, 'x')`, 'sql.bad-value'],
    ['INSERT INTO child VALUES (1, 1, 99999999999)', 'sql.bad-value'],
    ['INSERT INTO child (nothing) VALUES (1)', 'sql.no-column'],
    ['INSERT INTO nowhere VALUES (1)', 'sql.no-table'],
    ['INSERT INTO', 'sql.syntax'],
  ])('classifies what is wrong with %s', async (text, code) => {
    await place.query(
      'DROP TABLE IF EXISTS child, parent',
      'CREATE TABLE parent (id int PRIMARY KEY)',
      'INSERT INTO parent VALUES (1)',
      `CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent, n int CHECK (n > 0))`,
    );
    const session = await openSession(place);
    await session.command('BEGIN', never);

    const answers = await session.run([insert(1), statement(text), insert(2)], 'savepoint', never);
    await session.command('COMMIT', never);

    expect(told(answers)).toEqual([1, code, 1]);
    expect(answers[1]).toMatchObject({ retry: false, category: 'validation' });
  });

  it('reports a column that went away between two batches', async () => {
    const session = await openSession(place);
    const plan = { table: 't', columns: ['id', 'name'] };
    const copy = await session.bulk({ ...plan, mode: 'insert', key: [] }, never);
    const upsert = await session.bulk({ ...plan, mode: 'upsert', key: ['id'] }, never);
    await copy.write([[1, 'x']], never);
    await session.run([insert(2)], 'stop', never);

    await place.query('ALTER TABLE t DROP COLUMN name');
    const faults = [
      await faultOf(copy.write([[3, 'x']], never)),
      await faultOf(upsert.write([[4, 'x']], never)),
    ];
    const answers = await session.run([insert(5)], 'stop', never);

    expect(faults.map(({ code }) => code)).toEqual(['sql.no-column', 'sql.no-column']);
    expect(told(answers)).not.toEqual([1]);
    expect(await place.query('SELECT id FROM t ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it.each(['command', 'run', 'bulk'] as const)(
    'refuses to write what is read-only: %s',
    async (way) => {
      const session = await openSession(place);
      await session.command('BEGIN READ ONLY', never);

      const fault = await faultOf(write(session));
      await session.command('ROLLBACK', never);

      expect(fault).toMatchObject({ code: 'sql.permission', category: 'validation' });

      async function write(to: Session): Promise<void> {
        if (way === 'command') return to.command('DELETE FROM t', never);
        if (way === 'run') {
          const [answer] = await to.run([insert(1)], 'stop', never);
          if (answer instanceof Error) throw answer;
        }
        const bulk = await to.bulk({ table: 't', columns: ['id'], mode: 'insert', key: [] }, never);
        return bulk.write([[1]], never);
      }
    },
  );

  it('shows no value in a fault', async () => {
    const session = await openSession(place);
    const secret = statement('INSERT INTO t VALUES ($1, $2)', 1, 'a secret value');

    const answers = await session.run([secret, secret], 'continue', never);

    expect(JSON.stringify(answers[1])).not.toContain('secret');
    expect(String(answers[1])).not.toContain('secret');
  });
});
