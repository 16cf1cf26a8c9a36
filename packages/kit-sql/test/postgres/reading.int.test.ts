import { describeDatabase } from '@cannectors/testkit/databases';
import { describe, expect, it } from 'vitest';
import { faultOf, lent, never, open, openSession, read, statement } from './open.ts';

const numbers = (count: number) => `SELECT n FROM generate_series(1, ${count}) AS n`;

/** The same rows, once with `COPY` and once with a portal, because there is a placeholder. */
const ways = [
  ['COPY', (text: string) => statement(text)],
  ['a portal', (text: string) => statement(`SELECT * FROM (${text}) AS q WHERE $1::int = 1`, 1)],
] as const;

describeDatabase('postgres', (place) => {
  describe.each(ways)('reading with %s', (_name, using) => {
    it.each([0, 1, 99, 100, 101, 1000, 12_345])('gives %i rows in blocks', async (count) => {
      const session = await openSession(place);
      const { text, values } = using(numbers(count));

      const { records, sizes } = await read(session, text, values);

      expect(records.map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
      expect(sizes.slice(0, -1).every((size) => size === 100)).toBe(true);
    });

    it('leaves the connection usable when nobody wants the rest', async () => {
      const session = await openSession(place);

      for (let round = 0; round < 3; round++) {
        for await (const { records } of session.blocks(using(numbers(3_000_000)), 500, never)) {
          expect(records).toHaveLength(500);
          break;
        }
      }

      expect((await session.rows(statement('SELECT 1 AS one'), never)).records).toEqual([
        { one: 1 },
      ]);
    });

    it('reports what fails in the middle', async () => {
      const session = await openSession(place);
      const seen: number[] = [];
      const text = 'SELECT 100 / (250 - n) AS x FROM generate_series(1, 1000) AS n';

      const fault = await faultOf(
        (async () => {
          for await (const { records } of session.blocks(using(text), 100, never)) {
            seen.push(records.length);
          }
        })(),
      );

      expect(fault).toMatchObject({
        code: 'sql.bad-value',
        message: expect.stringContaining('division by zero'),
      });
      expect(seen).toEqual([100, 100]);
      expect((await session.rows(statement('SELECT 1 AS one'), never)).records).toEqual([
        { one: 1 },
      ]);
    });

    it('ends soon after an abort, also between two blocks', async () => {
      const session = await openSession(place);
      const abort = new AbortController();

      const fault = await faultOf(
        (async () => {
          for await (const { records } of session.blocks(
            using(numbers(3_000_000)),
            100,
            abort.signal,
          )) {
            if (records.length > 0) abort.abort();
          }
        })(),
      );

      expect(fault).toMatchObject({ code: 'sql.cancelled', retry: false });
      expect((await session.rows(statement('SELECT 1 AS one'), never)).records).toEqual([
        { one: 1 },
      ]);
    });

    it('bounds the wait for rows, not the time that they are looked at', async () => {
      const session = await openSession(place, { timeoutMs: 2000 });
      let count = 0;

      for await (const { records } of session.blocks(using(numbers(250)), 100, never)) {
        count += records.length;
        // Nobody reads meanwhile, for longer than the server may take.
        if (count === 100) await pause(2200);
      }
      const fault = await faultOf(read(session, 'SELECT pg_sleep(60)'));

      expect(count).toBe(250);
      expect(fault.code).toBe('sql.timeout');
    });

    it('closes a connection that is given back in the middle', async () => {
      const database = await open(place, { maxOpenConns: 1 });
      const session = await lent(database);
      const blocks = session.blocks(using(numbers(3_000_000)), 100, never)[Symbol.asyncIterator]();
      await blocks.next();

      await session.release();
      const other = await lent(database);

      expect((await other.rows(statement('SELECT 1 AS one'), never)).records).toEqual([{ one: 1 }]);
    });
  });

  it.each([
    'SELECT 1 AS n;',
    'SELECT 1 AS n; ',
    'SELECT 1 AS n -- the first',
    '-- the first\n/* and * only */ SELECT 1 AS n',
    'WITH q AS (SELECT 1 AS n) SELECT * FROM q',
    'VALUES (1)',
    'TABLE one',
    'SELECT n FROM one FOR UPDATE',
    'INSERT INTO one VALUES (1) RETURNING n',
    'SHOW server_version_num',
    'EXPLAIN SELECT 1',
  ])('reads the rows of: %s', async (text) => {
    const session = await openSession(place);
    await session.command('CREATE TEMP TABLE one (n int); INSERT INTO one VALUES (1)', never);

    const { records } = await read(session, text);

    expect(records).toHaveLength(1);
  });

  it('gives no block for a statement without rows', async () => {
    const session = await openSession(place);

    expect(await read(session, 'CREATE TEMP TABLE nothing (n int)')).toEqual({
      records: [],
      sizes: [],
    });
    expect(await read(session, '')).toEqual({ records: [], sizes: [] });
  });

  it.each(['SELECT 1) TO STDOUT; DROP TABLE one; --', 'SELECT 1; DROP TABLE one'])(
    'runs one statement and nothing else: %s',
    async (text) => {
      const session = await openSession(place);
      await session.command('CREATE TEMP TABLE one (n int)', never);

      const fault = await faultOf(read(session, text));

      expect(fault.category).toBe('validation');
      expect((await session.rows(statement('SELECT count(*) FROM one'), never)).records).toEqual([
        { count: 0 },
      ]);
    },
  );

  it('shows where a statement is wrong', async () => {
    const session = await openSession(place);

    const fault = await faultOf(read(session, 'SELECT 1 AS n,\n  2 AS m\nFORM t'));

    expect(fault).toMatchObject({
      code: 'sql.syntax',
      message: expect.stringContaining('line 3, column 1') as string,
      details: { line: 3, column: 1, driver_code: '42601' },
    });
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
