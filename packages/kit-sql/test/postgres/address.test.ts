import { describe, expect, it } from 'vitest';
import { postgresAddress } from '../../src/drivers/postgres/address.ts';

describe('the address of a PostgreSQL database', () => {
  it.each([
    [
      'postgres://app:p%40ss%2Fw@db.example.com:5433/my%20shop',
      { host: 'db.example.com', port: 5433, user: 'app', password: 'p@ss/w', database: 'my shop' },
    ],
    ['postgresql://db', { host: 'db' }],
    ['POSTGRES://app@[::1]:5432/shop', { host: '::1', port: 5432, user: 'app', database: 'shop' }],
    ['postgres://app:a:b@db/shop', { host: 'db', user: 'app', password: 'a:b', database: 'shop' }],
    ['postgres:///shop?host=/run/pg&user=app', { host: '/run/pg', user: 'app', database: 'shop' }],
    ['postgres://%2Frun%2Fpg/shop', { host: '/run/pg', database: 'shop' }],
    ['postgres://app@/shop', { user: 'app', database: 'shop' }],
    ['host=db port=5433 dbname=shop', { host: 'db', port: 5433, database: 'shop' }],
    [
      String.raw`host = db  password = 'it\'s \\ a secret' user=app`,
      { host: 'db', password: String.raw`it's \ a secret`, user: 'app' },
    ],
    ["host=db password=''", { host: 'db', password: '' }],
    ['host=db hostaddr=10.0.0.1', { host: '10.0.0.1' }],
  ])('%s', (text, expected) => {
    const { host, port, user, password, database } = postgresAddress(text).config;

    expect({ host, port, user, password, database }).toEqual({
      host: undefined,
      port: undefined,
      user: undefined,
      password: undefined,
      database: undefined,
      ...expected,
    });
  });

  it.each([
    ['postgres://db/shop?sslmode=disable', ['off']],
    ['postgres://db/shop?sslmode=allow', ['off', 'any']],
    ['postgres://db/shop?sslmode=prefer', ['any', 'off']],
    ['postgres://db/shop', ['any', 'off']],
    ['postgres://localhost/shop', ['off', 'any']],
    ['postgres://127.0.0.1/shop', ['off', 'any']],
    ['host=/run/pg sslmode=require', ['off']],
    ['host=db sslmode=require', ['any']],
    ['host=db sslmode=verify-full', ['verified']],
    ['host=db sslmode=verify-full sslrootcert=system', ['verified']],
  ])('%s: TLS as libpq has it', (text, expected) => {
    const ways = postgresAddress(text).tls.map((tls) => {
      if (tls === false) return 'off';
      return tls.rejectUnauthorized === false ? 'any' : 'verified';
    });

    expect(ways).toEqual(expected);
  });

  it('hands words of the server on', () => {
    const { config } = postgresAddress(
      'postgres://db/shop?search_path=a,%20b&pool_max_conns=5&options=-c%20statement_timeout=5',
    );

    expect(config.options).toBe(String.raw`-c statement_timeout=5 -c search_path=a,\ b`);
  });

  it('takes the time to connect in seconds, and a name for the session', () => {
    const { config } = postgresAddress('host=db connect_timeout=7 application_name=orders');

    expect(config).toMatchObject({ connectionTimeoutMillis: 7000, application_name: 'orders' });
  });

  it.each([
    'postgres://app:top-secret@db:port/shop',
    'postgres://app:top-secret@db:99999/shop',
    'postgres://app:top-secret@a,b/shop',
    'postgres://app:top-secret%ZZ@db/shop',
    'postgres://app:top-secret@db/shop?sslmode=sometimes',
    'postgres://app:top-secret@db/shop?sslmode=require&sslrootcert=/nowhere/ca.pem',
    'top-secret',
    'password=top-secret nonsense',
    "password='top-secret",
  ])('names no secret of %s when it cannot be read', (text) => {
    expect(() => postgresAddress(text)).toThrow(
      expect.objectContaining({
        code: 'sql.bad-address',
        message: expect.not.stringContaining('secret') as string,
      }),
    );
  });
});
