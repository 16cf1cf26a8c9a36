import { describe, expect, it } from 'vitest';
import { readAddress } from '../../src/drivers/mysql/address.ts';

describe('the address of a MySQL database', () => {
  it.each([
    [
      'app:s3c/r:e@t@tcp(db.example.com:3307)/shop?parseTime=true&tls=true',
      { host: 'db.example.com', port: 3307, user: 'app', password: 's3c/r:e@t', database: 'shop' },
    ],
    ['app@tcp(db)/', { host: 'db', port: 3306, user: 'app' }],
    [
      'app:pw@tcp([::1]:3306)/shop',
      { host: '::1', port: 3306, user: 'app', password: 'pw', database: 'shop' },
    ],
    [
      'app:pw@/shop',
      { host: '127.0.0.1', port: 3306, user: 'app', password: 'pw', database: 'shop' },
    ],
    [
      'app:pw@db:3308/shop',
      { host: 'db', port: 3308, user: 'app', password: 'pw', database: 'shop' },
    ],
    [
      'app:pw@unix(/run/my.sock)/shop',
      { socketPath: '/run/my.sock', user: 'app', password: 'pw', database: 'shop' },
    ],
    ['app@unix(/run/my.sock)', { socketPath: '/run/my.sock', user: 'app' }],
    [
      'mysql://app:p%40%2Fw@db:3307/my%20shop',
      { host: 'db', port: 3307, user: 'app', password: 'p@/w', database: 'my shop' },
    ],
    ['mariadb://[::1]', { host: '::1', port: 3306 }],
    [
      'mysql://app@x/shop?socket=/run/my.sock',
      { socketPath: '/run/my.sock', user: 'app', database: 'shop' },
    ],
    [
      'mysql://app:pw@tcp(db:3306)/shop',
      { host: 'db', port: 3306, user: 'app', password: 'pw', database: 'shop' },
    ],
  ])('%s', (text, place) => {
    expect(readAddress(text).place).toEqual(place);
  });

  it.each([
    ['tls=true', 'verified'],
    ['tls=skip-verify', 'unverified'],
    ['tls=preferred', 'preferred'],
    ['tls=false', 'off'],
    ['ssl-mode=VERIFY_CA', 'verified-ca'],
    ['ssl-mode=REQUIRED', 'unverified'],
    ['parseTime=true', 'off'],
  ])('reads how safe the way is: %s', (query, tls) => {
    expect(readAddress(`app@tcp(db)/shop?${query}`).tls).toBe(tls);
  });

  it('reads options, and takes other words for system variables', () => {
    const address = readAddress(
      `app@tcp(db)/shop?charset=utf8mb4&parseTime=True&loc=UTC&sql_mode=%27ANSI_QUOTES%27&max_statement_time=5`,
    );

    expect(address.parseTime).toBe(true);
    expect(address.variables).toEqual([
      ['sql_mode', "'ANSI_QUOTES'"],
      ['max_statement_time', '5'],
    ]);
  });

  it.each([
    ['mysql://app:pa#ss/w?rd@:x:/shop'],
    ['mysql://app:%zz@db/shop'],
    ['app:secret@tcp(db)/shop?tls=custom'],
    ['app:secret@tcp(10.0.0.7)/shop?tls=true'],
    ['mysql://app:secret@[::1]/shop?ssl-mode=VERIFY_IDENTITY'],
    ['app:secret@tcp(db)/shop?loc=Europe%2FParis'],
    ["app:secret@tcp(db)/shop?time_zone='%2B02:00'"],
    ['app:secret@tcp(db)/shop?x=1;DROP TABLE t'],
    ["app:secret@tcp(db)/shop?x='it''s'"],
  ])('refuses %s without showing it', (text) => {
    expect(() => readAddress(text)).toThrow(
      expect.objectContaining({
        code: 'sql.bad-address',
        message: expect.not.stringContaining('secret') as string,
      }) as Error,
    );
  });
});
