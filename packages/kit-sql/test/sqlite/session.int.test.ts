import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/database.ts';
import { all, blocksOf, session, signal, sql } from './place.ts';

const numbers = (count: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT i FROM n`;

async function movies(): Promise<Session> {
  const db = await session();
  await db.command('CREATE TABLE movies (id INTEGER PRIMARY KEY, title TEXT NOT NULL)', signal);
  return db;
}

const insert = (id: number, title: string | null) =>
  sql('INSERT INTO movies VALUES (?, ?)', id, title);

describe('reading', () => {
  it('gives blocks of the size that was asked for, and the rest', async () => {
    const db = await session();

    const blocks = await blocksOf(db.blocks(sql(numbers(25)), 10, signal));

    expect(blocks.map(({ records }) => records.length)).toEqual([10, 10, 5]);
    expect(blocks.flatMap(({ records }) => records.map(({ i }) => i))).toEqual(
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
  });

  it('ends after a block that was exactly full', async () => {
    const db = await session();

    expect(await blocksOf(db.blocks(sql(numbers(20)), 10, signal))).toHaveLength(2);
  });

  it('gives nothing for no rows, and for a statement without rows', async () => {
    const db = await movies();

    expect(await blocksOf(db.blocks(sql('SELECT * FROM movies'), 10, signal))).toEqual([]);
    expect(await all(db, "INSERT INTO movies VALUES (1, 'Alien')")).toEqual([]);
    expect(await all(db, 'SELECT count(*) AS n FROM movies')).toEqual([{ n: 1 }]);
  });

  it('gives the rows of `RETURNING`, with everything written', async () => {
    const db = await movies();

    expect(
      await all(db, "INSERT INTO movies VALUES (1, 'Alien'), (2, 'Heat') RETURNING id"),
    ).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await all(db, 'SELECT count(*) AS n FROM movies')).toEqual([{ n: 2 }]);
  });

  it('lets the session work while rows are read, and others write', async () => {
    const db = await movies();
    await db.run([insert(1, 'Alien'), insert(2, 'Heat')], 'stop', signal);

    const seen: unknown[] = [];
    for await (const { records } of db.blocks(sql('SELECT * FROM movies'), 1, signal)) {
      seen.push(records[0]?.['id']);
      seen.push((await all(db, 'SELECT count(*) AS n FROM movies'))[0]?.['n']);
    }

    expect(seen).toEqual([1, 2, 2, 2]);
  });

  it('keeps nothing locked when the reader stops early', async () => {
    const db = await movies();
    await db.run([insert(1, 'Alien'), insert(2, 'Heat')], 'stop', signal);
    for await (const block of db.blocks(sql('SELECT * FROM movies'), 1, signal)) {
      expect(block.records).toHaveLength(1);
      break;
    }

    await expect(db.command('DROP TABLE movies', signal)).resolves.toBeUndefined();
  });

  it('sees columns that were added meanwhile', async () => {
    const db = await movies();
    await db.run([insert(1, 'Alien')], 'stop', signal);
    await all(db, 'SELECT * FROM movies');

    await db.command('ALTER TABLE movies ADD COLUMN year INTEGER DEFAULT 1979', signal);

    expect(await all(db, 'SELECT * FROM movies')).toEqual([{ id: 1, title: 'Alien', year: 1979 }]);
  });

  it('lets the rest of the process go on', async () => {
    const db = await session();
    const over = new AbortController();
    let turns = 0;
    const others = (async () => {
      for (; !over.signal.aborted; turns++) await nextTurn();
    })();

    let rows = 0;
    for await (const { records } of db.blocks(sql(numbers(200_000)), 500, signal)) {
      rows += records.length;
    }
    over.abort();
    await others;

    expect(rows).toBe(200_000);
    expect(turns).toBeGreaterThan(3);
  });

  it('ends in `sql.timeout` between two rows', async () => {
    const db = await session({ timeoutMs: 20 });

    const reading = blocksOf(db.blocks(sql(numbers(50_000_000)), 1000, signal));

    await expect(reading).rejects.toMatchObject({ code: 'sql.timeout', retry: true });
    await expect(db.rows(sql(numbers(50_000_000)), signal)).rejects.toMatchObject({
      code: 'sql.timeout',
    });
  });

  it('ends soon after an abort', async () => {
    const db = await session();
    const stop = new AbortController();
    const reading = async (): Promise<void> => {
      for await (const block of db.blocks(sql(numbers(50_000_000)), 100, stop.signal)) {
        if (block.records.length > 0) stop.abort(new Error('stop'));
      }
    };

    await expect(reading()).rejects.toMatchObject({ code: 'sql.cancelled', retry: false });
    await expect(db.rows(sql('SELECT 1'), stop.signal)).rejects.toMatchObject({
      code: 'sql.cancelled',
    });
  });
});

describe('running statements', () => {
  it('says how many rows each has changed', async () => {
    const db = await movies();

    expect(
      await db.run(
        [insert(1, 'Alien'), insert(2, 'Heat'), sql("UPDATE movies SET title = 'x'")],
        'stop',
        signal,
      ),
    ).toEqual([1, 1, 2]);
  });

  it('stops at the first fault', async () => {
    const db = await movies();

    const results = await db.run([insert(1, 'a'), insert(1, 'b'), insert(2, 'c')], 'stop', signal);

    expect(results).toEqual([1, expect.objectContaining({ code: 'sql.unique' })]);
    expect(await all(db, 'SELECT count(*) AS n FROM movies')).toEqual([{ n: 1 }]);
  });

  it.each(['continue', 'savepoint'] as const)('goes on with `%s`', async (onFailure) => {
    const db = await movies();
    await db.command('BEGIN', signal);

    const results = await db.run(
      [insert(1, 'a'), insert(2, null), insert(1, 'b'), insert(3, 'c')],
      onFailure,
      signal,
    );
    await db.command('COMMIT', signal);

    expect(results).toEqual([
      1,
      expect.objectContaining({ code: 'sql.not-null', category: 'validation', retry: false }),
      expect.objectContaining({ code: 'sql.unique' }),
      1,
    ]);
    expect(await all(db, 'SELECT id FROM movies')).toEqual([{ id: 1 }, { id: 3 }]);
  });

  it('leaves nothing of a failed statement behind with savepoints', async () => {
    const db = await movies();
    await db.command('BEGIN', signal);
    const half = sql("INSERT OR FAIL INTO movies VALUES (5, 'x'), (1, 'y')");

    await db.run([insert(1, 'a'), half, insert(3, 'c')], 'savepoint', signal);
    await db.command('COMMIT', signal);

    expect(await all(db, 'SELECT id FROM movies')).toEqual([{ id: 1 }, { id: 3 }]);
  });

  it('runs nothing by itself after the transaction was rolled back', async () => {
    const db = await movies();
    await db.command('BEGIN', signal);

    const results = await db.run(
      [insert(1, 'a'), sql("INSERT OR ROLLBACK INTO movies VALUES (1, 'b')"), insert(3, 'c')],
      'continue',
      signal,
    );

    expect(results).toEqual([1, expect.any(Error), expect.any(Error)]);
    await expect(db.command('COMMIT', signal)).rejects.toMatchObject({ code: 'sql.query' });
    await db.command('ROLLBACK', signal);
    expect(await all(db, 'SELECT count(*) AS n FROM movies')).toEqual([{ n: 0 }]);
  });

  it('keeps data as data', async () => {
    const db = await movies();
    const evil = "x'); DROP TABLE movies; --";

    await db.run([insert(1, evil)], 'stop', signal);

    expect(await all(db, 'SELECT title FROM movies')).toEqual([{ title: evil }]);
  });

  it.each([
    ['a syntax error', 'SELEC 1', 'sql.syntax'],
    ['half a statement', 'SELECT (', 'sql.syntax'],
    ['no table', 'INSERT INTO nowhere VALUES (1)', 'sql.no-table'],
    ['no column', 'UPDATE movies SET year = 1', 'sql.no-column'],
    ['several statements', "DELETE FROM movies; INSERT INTO movies VALUES (1, 'a')", 'sql.query'],
    ['a check', 'INSERT INTO checked VALUES (-1, 1)', 'sql.check'],
    ['a foreign key', 'INSERT INTO checked VALUES (1, 99)', 'sql.foreign-key'],
    ['a wrong type', "INSERT INTO strict_one VALUES ('x')", 'sql.bad-value'],
  ])('classifies %s', async (_, text, code) => {
    const db = await movies();
    await db.command(
      'CREATE TABLE checked (n INTEGER CHECK (n > 0), movie REFERENCES movies (id))',
      signal,
    );
    await db.command('CREATE TABLE strict_one (n INTEGER) STRICT', signal);

    const [result] = await db.run([sql(text)], 'continue', signal);

    expect(result).toMatchObject({
      code,
      retry: false,
      details: { driver: 'sqlite', operation: 'exec', statement: text },
    });
    expect(await all(db, 'SELECT count(*) AS n FROM movies')).toEqual([{ n: 0 }]);
  });

  it('takes a semicolon and a comment behind a statement', async () => {
    const db = await session();

    expect(await all(db, "SELECT 1 AS one; -- that's all\n /* ; */ ;")).toEqual([{ one: 1 }]);
  });

  it('never shows a value', async () => {
    const db = await movies();

    const [fault] = await db.run([insert(1, null), insert(1, 's3cret')], 'continue', signal);

    expect(JSON.stringify(fault)).not.toContain('s3cret');
  });
});

describe('giving a session back', () => {
  it('rolls back what was not committed', async () => {
    const db = await movies();
    await db.command('BEGIN', signal);
    await db.run([insert(1, 'a')], 'stop', signal);

    await db.release();
    await db.release();

    expect(await all(db, 'SELECT count(*) AS n FROM movies')).toEqual([{ n: 0 }]);
  });
});
