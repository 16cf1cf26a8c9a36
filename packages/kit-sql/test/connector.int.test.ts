import { spawn } from 'node:child_process';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConnectionConfig } from '../src/config.ts';
import { connector } from '../src/connector.ts';
import { driverOf } from '../src/driver-of.ts';
import { quoted, quotedTable } from '../src/identifiers.ts';
import { inSeconds } from '../src/in-seconds.ts';
import { maskedAddress } from '../src/masking.ts';

const values = { int64: 'exact', binary: 'text' } as const;
const usual = {
  maxOpenConns: 10,
  maxIdleConns: 5,
  connMaxLifetimeSeconds: 1800,
  connMaxIdleTimeSeconds: 300,
  timeoutMs: 30_000,
};

function way(config: Partial<ConnectionConfig>) {
  return connector({ ...usual, ...config }, values);
}

describe('the driver', () => {
  it.each([
    ['postgres://u:p@h/db', 'postgres'],
    ['PostgreSQL://h/db', 'postgres'],
    ['postgres://h/shop.db', 'postgres'],
    ['file:./shop', 'sqlite'],
    ['./data/shop.db', 'sqlite'],
    ['C:\\data\\SHOP.SQLITE', 'sqlite'],
    ['u:p@tcp(h:3306)/db', 'mysql'],
    ['u:p@unix(/run/mysqld.sock)/db', 'mysql'],
    ['mysql://u@h/db', 'mysql'],
    ['MariaDB://u@h/db', 'mysql'],
    ['u:p@h:3306/db', 'mysql'],
    ['oracle://u:p@h/db', undefined],
    [':memory:', undefined],
    ['host=db dbname=shop user=app', undefined],
    ['', undefined],
  ])('of %s', (address, driver) => {
    expect(driverOf(address)).toBe(driver);
  });

  it('is what the config says, whatever the address', () => {
    expect(way({ connectionString: 'postgres://h/db', driver: 'sqlite' }).address().driver).toBe(
      'sqlite',
    );
  });

  it('has to be said where nothing tells it', () => {
    expect(() => way({ connectionString: ':memory:' }).address()).toThrow(
      expect.objectContaining({
        code: 'sql.unknown-driver',
        message: 'cannot detect driver from connection string',
        pointer: '/connectionString',
      }),
    );
  });
});

describe('the address', () => {
  it('may stand in the environment', () => {
    process.env['KIT_SQL_TEST_URL'] = 'postgres://app:s3cret@h/db';
    onTestFinished(() => {
      delete process.env['KIT_SQL_TEST_URL'];
    });
    const { driver, target } = way({ connectionStringRef: '${KIT_SQL_TEST_URL}' }).address();

    expect(driver).toBe('postgres');
    expect(target(false)).toBe('postgres://app:[REDACTED]@h/db');
    expect(target(true)).toBe('postgres://app:s3cret@h/db');
  });

  it('is missed when it does not', async () => {
    const nowhere = way({ connectionStringRef: '${KIT_SQL_TEST_UNSET}' });
    const fault = { code: 'sql.no-address', pointer: '/connectionStringRef' };

    expect(() => nowhere.address()).toThrow(expect.objectContaining(fault));
    await expect(nowhere.open(new AbortController().signal)).rejects.toMatchObject(fault);
  });

  it('leads to a database', async () => {
    const { signal } = new AbortController();
    const database = await way({ connectionString: ':memory:', driver: 'sqlite' }).open(signal);
    onTestFinished(() => database.close());
    const session = await database.acquire(signal);

    expect(await session.rows({ text: 'SELECT 1 AS one', values: [] }, signal)).toMatchObject({
      records: [{ one: 1 }],
    });
    await session.release();
  });

  it.each([
    ['pg', 'postgres://h/db'],
    ['mysql2', 'mysql://h/db'],
  ])('says how to install %s where it is missing', async (library, connectionString) => {
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', openWithout(library, connectionString)],
      { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] },
    );

    expect(JSON.parse(await text(child.stdout))).toEqual({
      code: 'sql.driver-missing',
      hint: `Run \`npm install ${library}\`.`,
    });
  });
});

/** A program in which the library is looked for in a folder where nothing is installed. */
function openWithout(library: string, connectionString: string): string {
  return `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve(name, context, next) {
        const isIt = name === '${library}' || name.startsWith('${library}/');
        return next(name, isIt ? { ...context, parentURL: 'file:///nowhere/x.js' } : context);
      },
    });
    const { connector } = await import('@cannectors/kit-sql');
    const way = connector({ connectionString: '${connectionString}' }, {});
    const { code, hint } = await way.open(new AbortController().signal).catch((error) => error);
    console.log(JSON.stringify({ code, hint }));
  `;
}

describe('masking', () => {
  it.each([
    [
      'postgres://app:s3c@ret@h:5432/db?sslmode=require',
      'postgres://app:[REDACTED]@h:5432/db?sslmode=require',
    ],
    ['postgres://app@h/db', 'postgres://app@h/db'],
    [
      'postgres://h/db?user=a&password=s3cret&x=1',
      'postgres://h/db?user=a&password=[REDACTED]&x=1',
    ],
    ["host=h password='it\\'s s3cret' user=a", 'host=h password=[REDACTED] user=a'],
    ['host=h password = s3cret dbname=x', 'host=h password = [REDACTED] dbname=x'],
    ['host=h PWD="s3 cret" dbname=x', 'host=h PWD=[REDACTED] dbname=x'],
    [
      'app:s3c/r:e@t@tcp(db:3306)/shop?parseTime=true',
      'app:[REDACTED]@tcp(db:3306)/shop?parseTime=true',
    ],
    ['app:s3cret@unix(/run/x.sock)/shop', 'app:[REDACTED]@unix(/run/x.sock)/shop'],
    ['mysql://app:s3cret@h/db', 'mysql://app:[REDACTED]@h/db'],
    ['mysql://:s3cret@h/db', 'mysql://:[REDACTED]@h/db'],
    ['file:x.db?_pragma_key=s3cret&mode=ro', 'file:x.db?_pragma_key=[REDACTED]&mode=ro'],
    ['file:x.db?_auth_user=a&_auth_pass=s3cret', 'file:x.db?_auth_user=a&_auth_pass=[REDACTED]'],
    ['app@server:s3cret@tcp(h)/shop', 'app@server:[REDACTED]@tcp(h)/shop'],
    ['postgres://app@h:5432/db', 'postgres://app@h:5432/db'],
    ['file:./a@b.db', 'file:./a@b.db'],
    ['./shop.db', './shop.db'],
    ['C:\\data\\shop.db', 'C:\\data\\shop.db'],
    [':memory:', ':memory:'],
    ['', ''],
  ])('%s', (address, masked) => {
    expect(maskedAddress(address)).toBe(masked);
    expect(maskedAddress(address)).not.toContain('s3c');
  });
});

describe('names', () => {
  it.each([
    ['postgres', 'a"b`c', '"a""b`c"'],
    ['sqlite', 'a"b`c', '"a""b`c"'],
    ['mysql', 'a"b`c', '`a"b``c`'],
  ] as const)('are quoted for %s', (driver, name, expected) => {
    expect(quoted(name, driver)).toBe(expected);
  });

  it('of tables may have a schema', () => {
    expect(quotedTable('sales.or.ders', 'postgres')).toBe('"sales"."or.ders"');
    expect(quotedTable('orders', 'mysql')).toBe('`orders`');
    expect(quotedTable('.orders', 'sqlite')).toBe('".orders"');
  });
});

describe('instants in seconds', () => {
  it('lose their fraction, and nothing else does', () => {
    const records = [
      { at: '2026-07-26T10:00:00.123456Z', text: '10:00:00.5' },
      { at: '2026-07-26T10:00:00.5+02:00', text: 'x' },
      { at: null, text: '' },
      { at: '2026-07-26T10:00:00Z', text: '' },
      { at: 1785060000.25, text: '' },
    ];

    inSeconds({ records, instants: ['at'] });

    expect(records.map(({ at }) => at)).toEqual([
      '2026-07-26T10:00:00Z',
      '2026-07-26T10:00:00+02:00',
      null,
      '2026-07-26T10:00:00Z',
      1785060000.25,
    ]);
    expect(records[0]?.text).toBe('10:00:00.5');
  });
});
