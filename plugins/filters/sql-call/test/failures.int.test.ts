import { randomUUID } from 'node:crypto';
import type { JsonRecord } from '@cannectors/core';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cacheOf, codes, filterFor } from './asking.ts';

/** Tells the connections that a test kills from those of others. */
const own = `sql_call_${randomUUID()}`;

describeDatabase('sqlite', failures);
describeDatabase('postgres', failures);
describeDatabase('mysql', failures);

function failures(place: DatabasePlace): void {
  const { driver, connectionString, query } = place;
  const alone = {
    connectionString,
    query: 'SELECT name FROM things WHERE id = $1',
    parameters: ['record.id'],
  };
  const together = {
    connectionString,
    query: 'SELECT id, name FROM things WHERE id IN ($1)',
    parameters: ['record.id'],
    lookup: { key: ['id'] },
  };
  const ways: [string, JsonRecord][] = [
    ['alone', alone],
    ['together', together],
  ];

  beforeAll(() =>
    query(
      'CREATE TABLE words (text varchar(80))',
      `INSERT INTO words VALUES ('plain'), ('it''s'), ('$1')`,
    ),
  );
  beforeEach(() =>
    query(
      'DROP TABLE IF EXISTS things',
      'CREATE TABLE things (id integer PRIMARY KEY, name varchar(80))',
      `INSERT INTO things VALUES (1, 'one'), (2, 'two')`,
    ),
  );

  describe.each(ways)('%s', (_title, config) => {
    it('says of each record that the table is gone, and goes on when it is back', async () => {
      const { ask } = await filterFor(config);
      const records = [{ id: 1 }, { id: 2 }];
      await ask(records);
      await query('DROP TABLE things');

      const gone = await ask(records);
      await query(
        'CREATE TABLE things (id integer PRIMARY KEY, name varchar(80), more integer)',
        `INSERT INTO things (id, name) VALUES (1, 'one again')`,
      );
      const back = await ask(records);

      expect(codes(gone)).toEqual(['sql.no-table', 'sql.no-table']);
      expect(back).toEqual([{ id: 1, name: 'one again' }, { id: 2 }]);
    });

    it('tells where a statement is wrong', async () => {
      const { ask } = await filterFor({
        ...config,
        query: (config['query'] as string).replace('WHERE', '\n  WHEREVER'),
      });

      const [fate] = await ask([{ id: 1 }]);

      expect(fate?.['fault']).toBe('sql.syntax');
      expect(fate?.['message']).toMatch(/^database query error in select: SQL syntax error/);
      // SQLite shows the word.
      expect(fate?.['message']).toContain(driver === 'sqlite' ? 'near "id"' : 'at line 2');
    });

    it('keeps SQL in data what it is: data', async () => {
      const { ask } = await filterFor({
        ...config,
        query: (config['query'] as string)
          .replace('things', 'words')
          .replaceAll(/\b(id|name)\b/g, 'text'),
        parameters: ['record.word'],
        ...(config['lookup'] === undefined ? {} : { lookup: { key: ['text'] } }),
      });
      const words = ["'; DROP TABLE things; --", "it's", '$1', "x' OR 'a'='a", '?', '\\', 'plain'];

      const given = await ask(words.map((word) => ({ word })));

      expect(given.map(({ text }) => text)).toEqual([
        undefined,
        "it's",
        '$1',
        undefined,
        undefined,
        undefined,
        'plain',
      ]);
      expect(await query('SELECT id FROM things')).toHaveLength(2);
    });

    it('shows no value of a record in a fault', async () => {
      const { ask } = await filterFor(config);
      await query('DROP TABLE things');

      const [fate] = await ask([{ id: 4711 }]);

      expect(JSON.stringify(fate)).not.toContain('4711');
    });

    it('fails for one record whose parameter cannot be computed', async () => {
      const { ask } = await filterFor({ ...config, parameters: ['int(record.id)'] });

      const given = await ask([{ id: '1' }, { id: 'x' }, { id: '2' }]);

      expect(codes(given)).toEqual(['ok', 'sql.not-built', 'ok']);
      expect(given[1]?.['message']).toMatch(/^building parameterized query: /);
      expect([given[0]?.['name'], given[2]?.['name']]).toEqual(['one', 'two']);
    });

    it('keeps no error, but an empty answer', async () => {
      const { ask } = await filterFor({ ...config, cache: cacheOf({ key: '{{ record.id }}' }) });
      await query('DROP TABLE things');
      const gone = await ask([{ id: 1 }]);
      await query('CREATE TABLE things (id integer PRIMARY KEY, name varchar(80))');

      const empty = await ask([{ id: 1 }, { id: 2 }]);
      await query(`INSERT INTO things VALUES (1, 'late'), (3, 'three')`);
      const late = await ask([{ id: 1 }, { id: 3 }]);

      expect(codes(gone)).toEqual(['sql.no-table']);
      expect(empty).toEqual([{ id: 1 }, { id: 2 }]);
      expect(late).toEqual([{ id: 1 }, { id: 3, name: 'three' }]);
    });

    it('ends with the run', async () => {
      const { ask } = await filterFor(config);
      const stop = new AbortController();
      await ask([{ id: 1 }]);
      const reason = new Error('stopped by hand');
      stop.abort(reason);

      await expect(ask([{ id: 1 }], stop.signal)).rejects.toBe(reason);
    });

    if (driver === 'sqlite') return;

    it('takes another connection for the one that was killed', async () => {
      const address = new URL(connectionString);
      if (driver === 'postgres') address.searchParams.set('application_name', own);
      const { ask } = await filterFor({ ...config, connectionString: address.href });
      await ask([{ id: 1 }]);
      await killOthers(place);

      const fates: JsonRecord[] = [];
      // Who notices first that it broke, the pool or a query, is the luck of the moment.
      while (fates.length < 2 || fates.at(-1)?.['name'] !== 'two') {
        fates.push(...(await ask([{ id: 2 }])));
        if (fates.length > 5) break;
      }

      expect(fates.at(-1)).toMatchObject({ id: 2, name: 'two' });
      const lost = codes(fates).filter((code) => code !== 'ok');
      expect(lost.length).toBeLessThan(2);
      expect(new Set(lost)).toEqual(new Set(lost.length === 0 ? [] : ['sql.connection']));
    });

    it('gives up a query that takes too long, and asks the next', async () => {
      const sleep = driver === 'postgres' ? 'pg_sleep(20) IS NULL' : 'SLEEP(20) = 1';
      const isOne = config['lookup'] === undefined ? '$1 = 1' : 'id IN ($1) AND id = 1';
      const { ask } = await filterFor({
        ...config,
        timeoutMs: 300,
        query: `SELECT id, name FROM things WHERE ${config['lookup'] === undefined ? 'id = 2 AND ' : ''}${isOne} AND ${sleep}`,
      });

      const slow = await ask([{ id: 1 }]);
      const next = await ask([{ id: 2 }]);

      expect(codes(slow)).toEqual(['sql.timeout']);
      expect(next).toEqual([{ id: 2 }]);
    });
  });

  it('is refused at the start where there is no database', async () => {
    const nowhere = {
      sqlite: 'file:/nowhere/at/all.db',
      postgres: 'postgres://nobody:secret@127.0.0.1:1/nowhere',
      mysql: 'mysql://nobody:secret@127.0.0.1:1/nowhere',
    };
    const { filter } = await filterFor({ ...alone, connectionString: nowhere[driver] });

    const opening = filter.open?.(new AbortController().signal);

    await expect(opening).rejects.toMatchObject({
      code: 'sql.connect',
      message: expect.stringMatching(
        /^creating database connection: database connection failed: ping failed: (?!.*secret)/,
      ) as string,
    });
  });

  it('runs statements that write and give rows, but not in a dry run that may not', async () => {
    const config = {
      ...alone,
      query: 'INSERT INTO things (id, name) VALUES ($1, $2) RETURNING name AS stored',
      parameters: ['record.id', '"new"'],
    };
    const { ask } = await filterFor(config);
    const dry = await filterFor(config, { dryRun: true, readOnly: true });

    const [stored] = await ask([{ id: 3 }]);
    const [held] = await dry.ask([{ id: 4 }]);
    const again = await ask([{ id: 3 }]);

    expect([stored, held]).toEqual([{ id: 3, stored: 'new' }, { id: 4 }]);
    expect(codes(again)).toEqual(['sql.unique']);
    expect(await query('SELECT id FROM things')).toHaveLength(3);
  });

  it('takes the answer of a statement without rows as empty', async () => {
    const { ask } = await filterFor({
      ...alone,
      query: 'UPDATE things SET name = $2 WHERE id = $1',
      parameters: ['record.id', '"changed"'],
      mergeStrategy: 'append',
      resultKey: 'found',
    });

    expect(await ask([{ id: 1 }])).toEqual([{ id: 1, found: {} }]);
    expect(await query('SELECT name FROM things WHERE id = 1')).toEqual([{ name: 'changed' }]);
  });
}

/** Ends every connection to the place but the one that asks. */
async function killOthers({ driver, query }: DatabasePlace): Promise<void> {
  if (driver === 'postgres') {
    await query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${own}'`,
    );
    return;
  }
  const rows = await query(
    'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
  );
  for (const { id } of rows) await query(`KILL ${String(id)}`);
}
