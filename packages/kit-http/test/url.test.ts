import { describe, expect, it } from 'vitest';
import { isReserved } from '../src/reserved-address.ts';
import { isSameHost, targetOf } from '../src/target.ts';
import { hasDotSegment, safeUrl, withPathValue, withQuery } from '../src/url.ts';

const host = 'https://api.example.com';

describe('setting query parameters', () => {
  it.each([
    ['/orders'],
    ['/orders?'],
    ['/orders?a=1&&b=&c'],
    ['/a%2fb/%7Ec/ü?q=%e4&x=+&y=%20#top'],
    ["/a'b(c)*?$filter=x%20eq%20'y'"],
    [''],
    ['?a=1'],
    ['#part?no=query'],
    ['/a/../b/./c'],
  ])('keeps %j byte for byte when there is nothing to set', (rest) => {
    expect(withQuery(host + rest, new Map())).toBe(host + rest);
  });

  it.each([
    ['/orders', { b: '2', a: '1' }, '/orders?a=1&b=2'],
    ['/orders?', { a: '1' }, '/orders?a=1'],
    ['', { a: '1' }, '?a=1'],
    ['?z=9', { a: '1' }, '?z=9&a=1'],
    ['/o?z=9&b=%2f&a', { c: '1' }, '/o?z=9&b=%2f&a&c=1'],
    ['/o?&a=1&&b=2&', { c: '3' }, '/o?a=1&b=2&c=3'],
    ['/o?a=1&b=2&a=3', { a: '4' }, '/o?b=2&a=4'],
    ['/o?%61=1&b=2', { a: '4' }, '/o?b=2&a=4'],
    ['/o?a+b=1&a%20b=2', { 'a b': '3' }, '/o?a%20b=3'],
    ['/o?%zz=1', { a: '2' }, '/o?%zz=1&a=2'],
    ['/o?A=1', { a: '2' }, '/o?A=1&a=2'],
    ['/o#part', { a: '1' }, '/o?a=1#part'],
    ['/o?a=1#b?c', { d: '2' }, '/o?a=1&d=2#b?c'],
    ['/o?q=a b', { c: 'd e' }, '/o?q=a%20b&c=d%20e'],
    ['/o', { $top: '200' }, '/o?$top=200'],
    ['/o', { $filter: 'a gt b' }, '/o?$filter=a%20gt%20b'],
    ['/o?$top=5', { $top: '10' }, '/o?$top=10'],
    ['/o', { a: '' }, '/o?a='],
    [
      '/o',
      { a: '& # ? + = / % : @ , ; \' " ( ) * ! ~ - _ .' },
      '/o?a=%26%20%23%20%3F%20%2B%20%3D%20%2F%20%25%20%3A%20%40%20%2C%20%3B%20%27%20%22%20%28%20%29%20%2A%20%21%20~%20-%20_%20.',
    ],
    ['/o', { 'a&b': 'é日😀' }, '/o?a%26b=%C3%A9%E6%97%A5%F0%9F%98%80'],
    ['/o', { a: '\ud800' }, '/o?a=%EF%BF%BD'],
    ['/o', { a: 'x\r\ny' }, '/o?a=x%0D%0Ay'],
    ['/o', { z: '1', A: '2', a: '3', $: '4' }, '/o?$=4&A=2&a=3&z=1'],
    ['/a b', { c: '1' }, '/a b?c=1'],
  ])('%j with %j is %j', (rest, parameters, expected) => {
    expect(withQuery(host + rest, new Map(Object.entries(parameters)))).toBe(host + expected);
  });

  it('turns raw spaces of the query into %20, those of the fragment not', () => {
    expect(withQuery(`${host}/o?q=a b#c d`, new Map())).toBe(`${host}/o?q=a%20b#c d`);
  });

  it.each(['& # ? + = /', 'ü日😀', "it's 100%", '$1 {x}'])(
    'sends %j so that it is read back',
    (text) => {
      const inQuery = new URL(withQuery(`${host}/o`, new Map([['v', text]])));
      const inPath = new URL(withPathValue(`${host}/o/{v}/x`, 'v', text, 'all'));

      expect(inQuery.searchParams.get('v')).toBe(text);
      expect(decodeURIComponent(inPath.pathname.split('/')[2] ?? '')).toBe(text);
    },
  );
});

describe('filling a placeholder', () => {
  it.each([
    ['/o/{id}', 'a/b c', 'all', '/o/a%2Fb%20c'],
    ['/o/{id}', 'a&b=c+d$e:f@g', 'all', '/o/a&b=c+d$e:f@g'],
    ['/o/{id}', 'a;b,c?d#e%f', 'all', '/o/a%3Bb%2Cc%3Fd%23e%25f'],
    ['/o/{id}', '%24', 'all', '/o/%2524'],
    ['/{id}/{id}', '1', 'all', '/1/1'],
    ['/{id}/{id}', '1', 'first', '/1/{id}'],
    ['/o?q={id}', 'a&b=c', 'all', '/o?q=a%26b%3Dc'],
    ['/o/{other}', '1', 'all', '/o/{other}'],
    ['/o/{id}', '$& $1', 'all', '/o/$&%20$1'],
    ['/{id}?q={id}#{id}', '1', 'first', '/1?q={id}#{id}'],
  ] as const)('%j with %j, %s, is %j', (rest, value, places, expected) => {
    expect(withPathValue(host + rest, 'id', value, places)).toBe(host + expected);
  });

  it('lets a value in the host add nothing to it', () => {
    const url = withPathValue('https://api.{id}/o', 'id', 'x@evil.example:80', 'all');

    expect(url).toBe('https://api.x%40evil.example%3A80/o');
    expect(() => targetOf(url)).toThrow(expect.objectContaining({ code: 'http.bad-url' }));
  });
});

describe('where a URL leads', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com', '/'],
    ['HTTPS://API.Example.COM:443/A?b', 'https://api.example.com', '/A?b'],
    ['http://api.example.com:8080/a/../b', 'http://api.example.com:8080', '/a/../b'],
    ['https://api.example.com?a=1#b', 'https://api.example.com', '/?a=1'],
    ['https://api.example.com/a b?c=d', 'https://api.example.com', '/a%20b?c=d'],
    ['https://api.example.com/ü?q=日', 'https://api.example.com', '/%C3%BC?q=%E6%97%A5'],
    ['https://api.example.com/%zz', 'https://api.example.com', '/%zz'],
    ['http://[::1]:8080/x', 'http://[::1]:8080', '/x'],
    ['http://2130706433/x', 'http://127.0.0.1', '/x'],
    ['http://0x7f.1/x', 'http://127.0.0.1', '/x'],
    ['https://münchen.example/x', 'https://xn--mnchen-3ya.example', '/x'],
  ])('%s leads to %s and asks for %s', (url, origin, path) => {
    expect(targetOf(url)).toMatchObject({ origin, path });
  });

  it('keeps user and password apart', () => {
    expect(targetOf('https://ada:p%40ss@api.example.com/x')).toMatchObject({
      origin: 'https://api.example.com',
      userInfo: 'ada:p@ss',
    });
  });

  it.each([
    '',
    '/orders',
    'api.example.com/orders',
    'ftp://api.example.com/x',
    'https://',
    'https:///x',
    'https:api.example.com',
    'https://a b/x',
    'https://api.example.com:99999/x',
    'https://good.example\\@evil.example/x',
    'https://exa\nmple.com/x',
    'https://api.example.com/a\r\nb',
    'https://%65xample.com%00/',
    'javascript://x/%0a',
  ])('refuses %j', (url) => {
    expect(() => targetOf(url)).toThrow(
      expect.objectContaining({ code: 'http.bad-url', category: 'validation' }),
    );
  });

  it('says nothing of a password that is not where it belongs', () => {
    expect(() => targetOf('https://ada:sec/ret@api.example.com/x')).toThrow(
      expect.objectContaining({
        message: '`https://api.example.com/x` has no usable host.',
      }),
    );
  });

  it.each([
    ['https://a.example/x', 'https://a.example/y', true],
    ['http://a.example/x', 'https://a.example/x', true],
    ['https://a.example/x', 'http://a.example/x', false],
    ['https://a.example/x', 'https://a.example:8443/x', false],
    ['https://a.example/x', 'https://b.example/x', false],
    ['https://a.example/x', 'https://a.example.evil.example/x', false],
  ])('%s and %s are the same host: %s', (a, b, expected) => {
    expect(isSameHost(targetOf(a), targetOf(b))).toBe(expected);
  });

  it.each([
    ['https://ada:secret@api.example.com/a?token=secret#secret', 'https://api.example.com/a'],
    ['http://x@y:secret@api.example.com/a', 'http://api.example.com/a'],
    ['ada:secret@api.example.com/a?b=secret', 'api.example.com/a'],
    ['https:/ada:secret@api.example.com/a', 'api.example.com/a'],
    ['https:///ada:secret@api.example.com/a', 'https://api.example.com/a'],
    ['https://api.example.com/a@b', 'https://api.example.com/a@b'],
  ])('shows %s as %s', (url, expected) => {
    expect(safeUrl(url)).toBe(expected);
  });

  it.each([
    ['/a/../b', true],
    ['/a/..', true],
    ['/./b', true],
    ['/a/%2e%2E/b', true],
    ['/a/..b/c.', false],
    ['/a?x=/../', false],
  ])('finds a dot segment in %s: %s', (path, expected) => {
    expect(hasDotSegment(host + path)).toBe(expected);
  });
});

describe('addresses that data may not lead to', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::FFFF:10.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2002:c0a8:101::1',
    '2001:0:4136:e378::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fd00:ec2::254',
    'fc00::1',
    'ff02::1',
    '2001:db8::1',
  ])('%s', (address) => {
    expect(isReserved(address)).toBe(true);
  });

  it.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
    'localhost',
    'api.example.com',
  ])('but not %s', (address) => {
    expect(isReserved(address)).toBe(false);
  });
});
