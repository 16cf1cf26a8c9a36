import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Fault } from '@cannectors/core';
import { describeDatabase } from '@cannectors/testkit/databases';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connector } from '../../src/index.ts';
import { faultOf, lent, never, open, openSession, statement } from './open.ts';

describeDatabase('postgres', (place) => {
  const changed = (change: (address: URL) => void): { connectionString: string } => {
    const address = new URL(place.connectionString);
    change(address);
    return { connectionString: address.href };
  };

  it('is found by its address, and named without its password', async () => {
    const { connectionString } = changed((address) => {
      address.password = 'top-secret';
    });
    const values = { int64: 'exact', binary: 'text' } as const;
    const settings = {
      connectionString,
      maxOpenConns: 2,
      maxIdleConns: 1,
      connMaxLifetimeSeconds: 1800,
      connMaxIdleTimeSeconds: 300,
      timeoutMs: 30_000,
    };

    const database = await connector(settings, values).open(never);
    onTestFinished(() => database.close());

    expect(database.driver).toBe('postgres');
    expect(database.target).toMatch(/^postgres:\/\/[^:]+:\[REDACTED\]@/);
  });

  it('is opened by words too', async () => {
    const { hostname, port, username, pathname } = new URL(place.connectionString);
    const session = await openSession({
      connectionString: `host=${hostname} port=${port || 5432} user=${username} dbname='${pathname.slice(1)}' search_path=pg_catalog`,
    });

    const { records } = await session.rows(statement('SHOW search_path'), never);

    expect(records).toEqual([{ search_path: 'pg_catalog' }]);
  });

  describe('refuses', () => {
    it.each([
      [
        'a database that is not there',
        (url: URL) => {
          url.pathname = '/no_such_database';
        },
        'validation',
        '3D000',
      ],
      [
        'a user that is not there',
        (url: URL) => {
          url.username = 'no_such_user';
        },
        'authentication',
        '28000',
      ],
      [
        'a port where nobody listens',
        (url: URL) => {
          url.port = '1';
        },
        'network',
        'ECONNREFUSED',
      ],
      [
        'a setting that the server does not know',
        (url: URL) => url.searchParams.set('no_such_word', '1'),
        'validation',
        '42704',
      ],
    ] as const)('%s', async (_what, change, category, driver_code) => {
      const fault = await faultOf(open(changed(change)));

      expect(fault).toMatchObject({ code: 'sql.connect', category, details: { driver_code } });
      expect(fault.message).toMatch(
        /^creating database connection: database connection failed: ping failed: /,
      );
    });

    it('a host that is not there', async () => {
      const fault = await faultOf(
        open(
          changed((url: URL) => {
            url.hostname = 'no-such-host.invalid';
          }),
        ),
      );

      expect(fault).toMatchObject({ code: 'sql.connect', category: 'network' });
    });

    it('a server that says nothing, when the time to connect is over', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      onTestFinished(() => void server.close());
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;

      const fault = await faultOf(
        open(
          changed((url) => {
            url.hostname = '127.0.0.1';
            url.port = String(port);
          }),
          { timeoutMs: 300 },
        ),
      );

      expect(fault).toMatchObject({ code: 'sql.connect', category: 'network', retry: true });
    });
  });

  describe('a server that asks for a password', () => {
    /** Speaks the beginning of the protocol: the servers of the tests let everybody in. */
    async function asking(password: string): Promise<string> {
      const refusal = Buffer.from('SFATAL\0C28P01\0Mpassword authentication failed\0\0');
      const message = (type: string, body: Buffer): Buffer => {
        const head = Buffer.from(`${type}....`);
        head.writeUInt32BE(body.length + 4, 1);
        return Buffer.concat([head, body]);
      };
      const server = createServer((socket) => {
        socket.once('data', () => {
          socket.write(message('R', Buffer.from([0, 0, 0, 3])));
          socket.once('data', (answer) => {
            const isRight = answer.toString('utf8', 5, answer.length - 1) === password;
            // Nothing more is known here than that the password has arrived.
            socket.end(
              isRight
                ? message('E', Buffer.from('SFATAL\0C57P03\0Mright\0\0'))
                : message('E', refusal),
            );
          });
        });
        socket.on('error', () => {});
      });
      server.listen(0, '127.0.0.1');
      onTestFinished(() => void server.close());
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      return `127.0.0.1:${port}/shop?sslmode=disable`;
    }

    it('gets the one of the address', async () => {
      const server = await asking('p@ss/wörd');

      const right = await faultOf(
        open({ connectionString: `postgres://app:p%40ss%2Fw%C3%B6rd@${server}` }),
      );
      const wrong = await faultOf(open({ connectionString: `postgres://app:other@${server}` }));

      expect(right).toMatchObject({ category: 'network', details: { driver_code: '57P03' } });
      expect(wrong).toMatchObject({
        code: 'sql.connect',
        category: 'authentication',
        retry: false,
        details: { driver_code: '28P01' },
      });
      expect(wrong.message).not.toContain('other');
    });
  });

  it('encrypts when asked to, and without being asked falls back to what the server has', async () => {
    const session = await openSession(place);
    const { records } = await session.rows(statement('SHOW ssl'), never);
    const hasTls = records[0]?.['ssl'] === 'on';
    const ssl = statement('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    const isEncrypted = async (sslmode: string) => {
      const encrypted = await openSession(
        changed((url) => url.searchParams.set('sslmode', sslmode)),
      );
      return (await encrypted.rows(ssl, never)).records[0]?.['ssl'];
    };
    const required = await isEncrypted('require').catch((error: Fault) => error.code);

    expect(await isEncrypted('disable')).toBe(false);
    expect(await isEncrypted('prefer')).toBe(hasTls);
    expect(required).toBe(hasTls ? true : 'sql.connect');
  });

  describe('the pool', () => {
    it('lends no more than it may, and the next as soon as one comes back', async () => {
      const database = await open(place, { maxOpenConns: 2 });
      const [one] = [await lent(database), await lent(database)];
      let isLent = false;
      const third = database.acquire(never).then((session) => {
        isLent = true;
        return session;
      });
      await place.query('SELECT pg_sleep(0.1)');

      expect(isLent).toBe(false);
      await one.release();
      await (await third).release();
    });

    it('can be waited for no longer', async () => {
      const database = await open(place, { maxOpenConns: 1 });
      const only = await lent(database);
      const abort = new AbortController();

      const waiting = faultOf(database.acquire(abort.signal));
      abort.abort();
      const fault = await waiting;
      await only.release();
      const next = await lent(database);

      expect(fault.code).toBe('sql.cancelled');
      expect((await next.rows(statement('SELECT 1 AS one'), never)).records).toEqual([{ one: 1 }]);
    });

    it('uses a connection again, but none inside a transaction', async () => {
      const database = await open(place, { maxOpenConns: 1 });
      const pid = async (left: string) => {
        const session = await lent(database);
        const { records } = await session.rows(statement('SELECT pg_backend_pid() AS pid'), never);
        await session.command(left, never);
        await session.release();
        return records[0]?.['pid'];
      };

      const [first, second, third] = [
        await pid('SELECT 1'),
        await pid('BEGIN'),
        await pid('SELECT 1'),
      ];

      expect(second).toBe(first);
      expect(third).not.toBe(second);
    });

    it('keeps no more idle connections than it may', async () => {
      const name = `cannectors_idle_${process.pid}`;
      const named = changed((url) => url.searchParams.set('application_name', name));
      const database = await open(named, { maxIdleConns: 2 });
      const sessions = await Promise.all([1, 2, 3, 4, 5].map(() => database.acquire(never)));

      for (const session of sessions) await session.release();

      await expect
        .poll(
          () =>
            place.query(
              `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = '${name}'`,
            ),
          { timeout: 30_000 },
        )
        .toEqual([{ n: 2 }]);
    });

    it('is closed once, however often', async () => {
      const database = await open(place);

      await Promise.all([database.close(), database.close()]);
      await database.close();
      const fault = await faultOf(database.acquire(never));

      expect(fault.code).toBe('sql.connect');
    });

    it('takes a session back twice', async () => {
      const database = await open(place);
      const session = await database.acquire(never);

      await session.release();

      await expect(session.release()).resolves.toBeUndefined();
    });
  });
});
