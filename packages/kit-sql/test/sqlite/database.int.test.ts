import { access, copyFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { all, freshFile, open, session, sessionOn, signal, sql } from './place.ts';

describe('opening', () => {
  it.each([
    ['a path', (file: string) => file],
    ['a `file:` address', (file: string) => `file:${file}`],
    ['a `FILE:` address with an authority', (file: string) => `FILE://${file}`],
  ])('takes %s', async (_, addressOf) => {
    const file = await freshFile('a b.db');
    const db = await sessionOn(addressOf(file));
    await db.command('CREATE TABLE t (a)', signal);

    await expect(access(file)).resolves.toBeUndefined();
  });

  it('makes a new file that readers and writers can use together, and leaves others as they are', async () => {
    const old = await freshFile();
    new DatabaseSync(old).exec('CREATE TABLE t (a)');
    const [made] = await all(await session(), 'PRAGMA journal_mode');
    const [kept] = await all(await sessionOn(old), 'PRAGMA journal_mode');

    expect([made, kept]).toEqual([{ journal_mode: 'wal' }, { journal_mode: 'delete' }]);
  });

  it('keeps one database in memory for all sessions, and until it is closed', async () => {
    const database = await open(':memory:', { connMaxLifetimeSeconds: 0, maxIdleConns: 0 });
    const first = await database.acquire(signal);
    await first.command('CREATE TABLE t (a)', signal);
    await first.release();

    expect(await all(await database.acquire(signal), 'SELECT * FROM t')).toEqual([]);
  });

  it('reads a read-only file and refuses to write', async () => {
    const file = await freshFile();
    await (await sessionOn(file)).command('CREATE TABLE t (a)', signal);
    const db = await sessionOn(`file:${file}?mode=ro`);

    expect(await all(db, 'SELECT * FROM t')).toEqual([]);
    const [fault] = await db.run([sql('INSERT INTO t VALUES (1)')], 'stop', signal);
    expect(fault).toMatchObject({ code: 'sql.permission', retry: false });
  });

  it.each([
    ['a folder that is not there', (file: string) => path.join(file, 'deeper', 'x.db')],
    ['a folder', (file: string) => path.dirname(file)],
    ['no file, where none may be made', (file: string) => `file:${file}?mode=rw`],
    ['no file to be read', (file: string) => `file:${file}?mode=ro`],
  ])('refuses %s', async (_, addressOf) => {
    const file = await freshFile();

    await expect(open(addressOf(file))).rejects.toMatchObject({
      code: 'sql.connect',
      category: 'validation',
      retry: false,
      message: expect.stringMatching(
        /^creating database connection: database connection failed: ping failed: ./,
      ) as string,
    });
    await expect(access(file)).rejects.toThrow('ENOENT');
  });

  it('refuses a file that is no database, and leaves it alone', async () => {
    const file = await freshFile();
    await writeFile(file, 'name,price\n'.repeat(200));

    await expect(open(file)).rejects.toMatchObject({ code: 'sql.connect', retry: false });
  });

  it('refuses an address with a broken escape', async () => {
    await expect(open('file:./100%.db')).rejects.toMatchObject({ code: 'sql.bad-address' });
  });
});

describe('connections', () => {
  it('are as many as allowed; the next one waits, and gives up when it is told to', async () => {
    const database = await open(await freshFile(), { maxOpenConns: 1 });
    const first = await database.acquire(signal);
    const stop = new AbortController();
    const impatient = database.acquire(stop.signal);
    const patient = database.acquire(signal);

    stop.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'sql.cancelled' });
    await first.release();

    await expect(patient).resolves.toBeDefined();
  });

  it('go to the file that stands at the path now', async () => {
    const file = await freshFile();
    const other = await freshFile();
    new DatabaseSync(other).exec('CREATE TABLE t AS SELECT 2 AS a');
    const database = await open(file);
    const before = await database.acquire(signal);
    await before.command('CREATE TABLE t AS SELECT 1 AS a', signal);
    await before.release();

    for (const suffix of ['', '-wal', '-shm']) await rm(file + suffix, { force: true });
    await copyFile(other, file);

    expect(await all(await database.acquire(signal), 'SELECT a FROM t')).toEqual([{ a: 2 }]);
  });

  it('see tables that others have changed', async () => {
    const file = await freshFile();
    const database = await open(file);
    const session1 = await database.acquire(signal);
    await session1.command('CREATE TABLE t AS SELECT 1 AS a, 2 AS b', signal);
    await all(session1, 'SELECT * FROM t');
    await session1.release();

    const other = new DatabaseSync(file);
    other.exec('ALTER TABLE t RENAME COLUMN b TO c');
    other.close();

    expect(await all(await database.acquire(signal), 'SELECT * FROM t')).toEqual([{ a: 1, c: 2 }]);
  });

  it('are refused once the database is closed', async () => {
    const database = await open(await freshFile());

    await database.close();
    await database.close();

    await expect(database.acquire(signal)).rejects.toMatchObject({ code: 'sql.connect' });
  });
});

describe('a database that somebody else has locked', () => {
  async function lockedFile(): Promise<{ file: string; other: DatabaseSync }> {
    const file = await freshFile();
    await (await sessionOn(file)).command('CREATE TABLE t (a)', signal);
    const other = new DatabaseSync(file);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (0)');
    return { file, other };
  }

  it('is waited for, while the rest of the process goes on', async () => {
    const { file, other } = await lockedFile();
    const db = await sessionOn(file);

    const written = db.run([sql('INSERT INTO t VALUES (1)')], 'stop', signal);
    setTimeout(() => other.exec('COMMIT'), 20);

    expect(await written).toEqual([1]);
    expect(await all(db, 'SELECT a FROM t')).toEqual([{ a: 0 }, { a: 1 }]);
  });

  it('is waited for in bulk too', async () => {
    const { file, other } = await lockedFile();
    const db = await sessionOn(file);
    const bulk = await db.bulk({ table: 't', columns: ['a'], mode: 'insert', key: [] }, signal);

    const written = bulk.write([[1], [2]], signal);
    setTimeout(() => other.exec('COMMIT'), 20);
    await written;

    expect(await all(db, 'SELECT a FROM t')).toEqual([{ a: 0 }, { a: 1 }, { a: 2 }]);
  });

  it('can be read meanwhile', async () => {
    const { file } = await lockedFile();

    expect(await all(await sessionOn(file), 'SELECT a FROM t')).toEqual([]);
  });

  it.each([
    ['a file of ours, which is in WAL mode', 'wal', [1]],
    ['another file', 'delete', [expect.objectContaining({ code: 'sql.timeout' })]],
  ])('by a reader: %s', async (_, mode, results) => {
    const file = await freshFile();
    const db = await sessionOn(file, { timeoutMs: 50 });
    await all(db, `PRAGMA journal_mode = ${mode}`);
    await db.command('CREATE TABLE t AS SELECT 1 AS a UNION ALL SELECT 2', signal);
    const reader = await sessionOn(file);
    const seen: unknown[] = [];

    for await (const { records } of reader.blocks(sql('SELECT a FROM t'), 1, signal)) {
      seen.push(records[0]?.['a']);
      if (seen.length > 1) continue;
      expect(await db.run([sql('INSERT INTO t VALUES (3)')], 'stop', signal)).toEqual(results);
    }

    expect(seen).toEqual([1, 2]);
    expect(await db.run([sql('INSERT INTO t VALUES (3)')], 'stop', signal)).toEqual([1]);
  });

  it('is `sql.timeout` after `timeoutMs`, and may be tried again', async () => {
    const { file, other } = await lockedFile();
    const db = await sessionOn(file, { timeoutMs: 30 });

    await expect(db.command('BEGIN', signal)).rejects.toMatchObject({
      code: 'sql.timeout',
      category: 'network',
      retry: true,
    });
    const [fault] = await db.run([sql('INSERT INTO t VALUES (1)')], 'stop', signal);
    expect(fault).toMatchObject({ code: 'sql.timeout' });

    other.exec('ROLLBACK');
    await expect(db.command('BEGIN', signal)).resolves.toBeUndefined();
  });

  it('is not waited for after an abort', async () => {
    const { file } = await lockedFile();
    const db = await sessionOn(file);
    const stop = new AbortController();

    const begun = db.command('BEGIN', stop.signal);
    stop.abort();

    await expect(begun).rejects.toMatchObject({ code: 'sql.cancelled' });
  });

  it('goes from one writer of this process to the next', async () => {
    const database = await open(await freshFile());
    const setup = await database.acquire(signal);
    await setup.command('CREATE TABLE t (a)', signal);
    await setup.release();
    const write = async (value: number): Promise<void> => {
      const db = await database.acquire(signal);
      await db.command('BEGIN', signal);
      for (let index = 0; index < 3; index++) {
        await db.run([sql('INSERT INTO t VALUES (?)', value)], 'stop', signal);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await db.command('COMMIT', signal);
      await db.release();
    };

    await Promise.all(Array.from({ length: 8 }, (_, index) => write(index)));

    const db = await database.acquire(signal);
    const rows = await all(db, 'SELECT a FROM t ORDER BY rowid');
    expect(rows).toHaveLength(24);
    const changes = rows.filter((row, index) => index > 0 && row['a'] !== rows[index - 1]?.['a']);
    expect(changes).toHaveLength(7);
  });
});
