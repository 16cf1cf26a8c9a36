import { describeDatabase } from '@cannectors/testkit/databases';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OnFailure, Session } from '../../src/database.ts';
import { faultOf, never, openSession, read, statement, told } from './open.ts';

const insert = 'INSERT INTO t VALUES ($1, $2)';

describeDatabase('postgres', (place) => {
  beforeEach(() =>
    place.query('DROP TABLE IF EXISTS t', 'CREATE TABLE t (id int PRIMARY KEY, name text)'),
  );

  const ids = async () => (await place.query('SELECT id FROM t ORDER BY id')).map(({ id }) => id);
  const inserts = (...values: readonly (number | string)[]) =>
    values.map((id) => statement(insert, id, 'x'));

  async function inTransaction(session: Session, work: () => Promise<void>): Promise<void> {
    await session.command('BEGIN', never);
    await work();
    await session.command('COMMIT', never);
  }

  describe('outside a transaction', () => {
    it('stops at the first failure, and keeps what was before', async () => {
      const session = await openSession(place);

      const answers = await session.run(inserts(1, 2, 1, 3), 'stop', never);

      expect(told(answers)).toEqual([1, 1, 'sql.unique']);
      expect(await ids()).toEqual([1, 2]);
    });

    it.each(['continue', 'savepoint'] as const)(
      'goes on behind failures: %s',
      async (onFailure) => {
        const session = await openSession(place);

        const answers = await session.run(inserts(1, 1, 2, 'no number', 3, 3), onFailure, never);

        expect(told(answers)).toEqual([1, 'sql.unique', 1, 'sql.bad-value', 1, 'sql.unique']);
        expect(await ids()).toEqual([1, 2, 3]);
      },
    );
  });

  describe('inside a transaction', () => {
    it('stops at the first failure, and nothing stays', async () => {
      const session = await openSession(place);
      await session.command('BEGIN', never);

      const answers = await session.run(inserts(1, 2, 1, 3), 'stop', never);
      const fault = await faultOf(session.rows(statement('SELECT 1'), never));
      await session.command('ROLLBACK', never);

      expect(told(answers)).toEqual([1, 1, 'sql.unique']);
      expect(fault.message).toContain('current transaction is aborted');
      expect(await ids()).toEqual([]);
    });

    it('reports each statement behind a failure when it goes on', async () => {
      const session = await openSession(place);
      await session.command('BEGIN', never);

      const answers = await session.run(inserts(1, 1, 2, 3), 'continue', never);
      await session.command('ROLLBACK', never);

      expect(told(answers)).toEqual([1, 'sql.unique', 'sql.query', 'sql.query']);
      expect(String(answers[2])).toContain('current transaction is aborted');
    });

    it('keeps the good ones with savepoints', async () => {
      const session = await openSession(place);

      await inTransaction(session, async () => {
        const answers = await session.run(inserts(1, 1, 1, 2, 'x', 3), 'savepoint', never);
        expect(told(answers)).toEqual([1, 'sql.unique', 'sql.unique', 1, 'sql.bad-value', 1]);
      });

      expect(await ids()).toEqual([1, 2, 3]);
    });

    it('lets savepoints outlive a statement that cannot be read', async () => {
      const session = await openSession(place);
      const mixed = [...inserts(1), statement('INSERT INTO nowhere VALUES (1)'), ...inserts(2)];

      await inTransaction(session, async () => {
        expect(told(await session.run(mixed, 'savepoint', never))).toEqual([1, 'sql.no-table', 1]);
      });

      expect(await ids()).toEqual([1, 2]);
    });
  });

  it.each<OnFailure>(['stop', 'continue', 'savepoint'])(
    'runs thousands of statements in order: %s',
    async (onFailure) => {
      const session = await openSession(place);
      const many = Array.from({ length: 2500 }, (_, id) =>
        statement(
          id % 2 === 0 ? insert : 'INSERT INTO t SELECT $1, max(id)::text FROM t',
          id,
          ...(id % 2 === 0 ? ['x'] : []),
        ),
      );

      await inTransaction(session, async () => {
        expect(new Set(await session.run(many, onFailure, never))).toEqual(new Set([1]));
      });

      const { records } = await read(session, 'SELECT * FROM t ORDER BY id');
      expect(
        records.every(
          ({ id, name }) => name === (Number(id) % 2 === 0 ? 'x' : String(Number(id) - 1)),
        ),
      ).toBe(true);
    },
  );

  it('counts the rows that a statement changes, and none that it reads', async () => {
    const session = await openSession(place);

    const answers = await session.run(
      [
        statement('INSERT INTO t SELECT n, NULL FROM generate_series(1, 5) AS n'),
        statement('UPDATE t SET name = $1 WHERE id > $2 RETURNING id', 'y', 2),
        statement('SELECT * FROM t'),
        statement('DELETE FROM t WHERE id = 9'),
        statement('CREATE TABLE IF NOT EXISTS t (id int)'),
        statement(''),
        statement('DELETE FROM t'),
      ],
      'stop',
      never,
    );

    expect(answers).toEqual([5, 3, 0, 0, 0, 0, 5]);
  });

  it('prepares anew what a change of a table has made invalid', async () => {
    const session = await openSession(place);
    const select = statement('SELECT * FROM t');
    await session.rows(select, never);
    await place.query('ALTER TABLE t ADD COLUMN more int DEFAULT 7', 'INSERT INTO t VALUES (1)');

    const { records } = await session.rows(select, never);

    expect(records).toEqual([{ id: 1, name: null, more: 7 }]);
  });

  it('prepares anew what the server was told to forget', async () => {
    const session = await openSession(place);
    await session.rows(statement('SELECT 1 AS one'), never);
    await session.command('DEALLOCATE ALL', never);

    const { records } = await session.rows(statement('SELECT 1 AS one'), never);

    expect(records).toEqual([{ one: 1 }]);
  });

  it('keeps no more prepared statements than it can count', async () => {
    const session = await openSession(place);

    for (let n = 0; n < 250; n++) await session.rows(statement(`SELECT ${n} AS n`), never);
    const { records } = await session.rows(
      statement('SELECT count(*) FROM pg_prepared_statements'),
      never,
    );
    const again = await session.rows(statement('SELECT 3 AS n'), never);

    expect(records).toEqual([{ count: 100 }]);
    expect(again.records).toEqual([{ n: 3 }]);
  });

  it('sends values of many megabytes', async () => {
    const session = await openSession(place);
    const long = 'é'.repeat(3_000_000);
    const all = Array.from({ length: 6 }, (_, id) => statement(insert, id, long));

    const answers = await session.run(all, 'continue', never);

    expect(answers).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await place.query('SELECT DISTINCT length(name) AS length FROM t')).toEqual([
      { length: 3_000_000 },
    ]);
  });

  it('refuses a COPY that waits for rows, and does not hang', async () => {
    const session = await openSession(place);

    const answers = await session.run(
      [statement('COPY t FROM STDIN'), ...inserts(1)],
      'continue',
      never,
    );

    expect(answers.every((answer) => answer instanceof Error)).toBe(true);
    expect(await ids()).toEqual([]);
  });
});
