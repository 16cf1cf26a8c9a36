import type { Json } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';
import { describe, expect, it } from 'vitest';
import type { Transform } from '../src/config.ts';
import { transformer } from '../src/transforms/transformer.ts';

type Options = Omit<Transform, 'op'>;

function change(op: Transform['op'], value: Json, options: Options = {}): Json {
  return transformer([{ op, ...options }], '/transforms')(value);
}

const list = ['a', null, 7, { b: [1] }];

describe.each<[Transform['op'], Options, readonly [given: Json, expected: Json][]]>([
  [
    'trim',
    {},
    [
      [' a b\t\n', 'a b'],
      ['\u00a0\u2003a\u3000', 'a'],
      ['\u0085 \u0085a\u0085', 'a'],
      ['', ''],
      [7, 7],
      [list, list],
    ],
  ],
  [
    'lowercase',
    {},
    [
      ['ÀBİ', 'àbi̇'],
      ['I', 'i'],
      [true, true],
    ],
  ],
  [
    'uppercase',
    {},
    [
      ['straße', 'STRASSE'],
      ['i', 'I'],
      [1.5, 1.5],
    ],
  ],
  [
    'replace',
    { pattern: '[^0-9]+' },
    [
      ['+33 (0)6', '3306'],
      ['', ''],
      [33, 33],
    ],
  ],
  [
    'replace',
    { pattern: '(\\w+)@(\\w+)', replacement: '$2 at ${1}' },
    [['a@b c@d', 'b at a d at c']],
  ],
  ['replace', { pattern: '(?P<day>\\d+)/(\\d+)', replacement: '${day}.$2' }, [['1/2', '1.2']]],
  ['replace', { pattern: '(a)', replacement: '$1x$$${1}x$nope' }, [['a', '$ax']]],
  ['replace', { pattern: 'a*', replacement: '-' }, [['baac', '-b-c-']]],
  ['replace', { pattern: '(?i)été', replacement: 'x' }, [['ÉTÉ été', 'x x']]],
  ['replace', { pattern: '.', replacement: 'x' }, [['😀é', 'xx']]],
  [
    'split',
    {},
    [
      ['a, b ,c', ['a', 'b', 'c']],
      ['', ['']],
      [['a,b'], ['a,b']],
    ],
  ],
  ['split', { separator: ' - ' }, [['a - b', ['a', 'b']]]],
  ['split', { separator: '' }, [['a,b', ['a', 'b']]]],
  ['split', { separator: '.' }, [['a.b', ['a', 'b']]]],
  [
    'join',
    {},
    [
      [list, 'a,,7,{"b":[1]}'],
      [[], ''],
      ['a,b', 'a,b'],
    ],
  ],
  ['join', { separator: '; ' }, [[['a', 1.5, true], 'a; 1.5; true']]],
  ['join', { separator: '' }, [[['a', 'b'], 'a,b']]],
  [
    'toString',
    {},
    [
      ['a', 'a'],
      [7, '7'],
      [12.5, '12.5'],
      [1_000_000, '1000000'],
      [1e20, '100000000000000000000'],
      [0.000_001_5, '0.0000015'],
      [9_007_199_254_740_993n, '9007199254740993'],
      [false, 'false'],
      [{ a: [1, null] }, '{"a":[1,null]}'],
      [[1, 'a'], '[1,"a"]'],
    ],
  ],
  [
    'toInt',
    {},
    [
      [7, 7],
      [7.0, 7],
      [-3, -3],
      ['42', 42],
      [' +42 ', 42],
      ['-0042', -42],
      ['9007199254740993', 9_007_199_254_740_993n],
      ['99999999999999999999', 99_999_999_999_999_999_999n],
      [9_007_199_254_740_993n, 9_007_199_254_740_993n],
      [1e20, 100_000_000_000_000_000_000n],
      [true, 1],
      [false, 0],
    ],
  ],
  [
    'toFloat',
    {},
    [
      [7.5, 7.5],
      ['7.5', 7.5],
      [' 1e3 ', 1000],
      ['.5', 0.5],
      ['5.', 5],
      ['-2E-2', -0.02],
      [4n, 4],
      [true, 1],
      [false, 0],
    ],
  ],
  [
    'toBool',
    {},
    [
      [true, true],
      ...['1', 't', 'T', 'TRUE', 'true', 'True', ' true '].map((text): [Json, Json] => [
        text,
        true,
      ]),
      ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text): [Json, Json] => [text, false]),
      [0, false],
      [-2.5, true],
      [0n, false],
    ],
  ],
  [
    'toArray',
    {},
    [
      [[1], [1]],
      ['a', ['a']],
      [{ a: 1 }, [{ a: 1 }]],
      [false, [false]],
    ],
  ],
  ['toObject', {}, [[{ a: 1 }, { a: 1 }]]],
])('%s %j', (op, options, rows) => {
  it.each(rows.map((row) => [...row, jsonText(row[0])] as const))(
    'changes %3$s',
    (given, expected) => {
      expect(change(op, given, options)).toStrictEqual(expected);
    },
  );
});

it.each<[Transform['op'], Json, string]>([
  ['toInt', 12.5, 'cannot convert float with fractional part to int: 12.5'],
  ['toInt', '12.0', 'cannot parse int from string "12.0"'],
  ['toInt', '1e3', 'cannot parse int from string "1e3"'],
  ['toInt', '0x1f', 'cannot parse int from string "0x1f"'],
  ['toInt', '1_000', 'cannot parse int from string "1_000"'],
  ['toInt', '', 'cannot parse int from string ""'],
  ['toInt', [], 'cannot convert array to int'],
  ['toInt', {}, 'cannot convert object to int'],
  ['toFloat', 'Inf', 'cannot parse float from string "Inf"'],
  ['toFloat', 'NaN', 'cannot parse float from string "NaN"'],
  ['toFloat', '0x1p-2', 'cannot parse float from string "0x1p-2"'],
  ['toFloat', '1e999', 'cannot parse float from string "1e999"'],
  ['toFloat', '', 'cannot parse float from string ""'],
  ['toFloat', [1], 'cannot convert array to float'],
  ['toBool', 'yes', 'cannot parse bool from string "yes"'],
  ['toBool', '', 'cannot parse bool from string ""'],
  ['toBool', {}, 'cannot convert object to bool'],
  ['toObject', '{"a":1}', 'cannot convert string to object'],
  ['toObject', 7, 'cannot convert number to object'],
  ['toObject', true, 'cannot convert boolean to object'],
  ['toObject', [], 'cannot convert array to object'],
])('%s refuses %j', (op, given, reason) => {
  expect(() => change(op, given)).toThrow(
    expect.objectContaining({
      code: 'TYPE_CONVERSION',
      message: `transform "${op}" failed: ${reason}`,
    }),
  );
});

describe('dateFormat', () => {
  const written = '2026-01-05T13:04:05.123456-03:30';

  it.each([
    ['RFC 3339', '2026-01-15T10:30:00Z', '2026-01-15T10:30:00'],
    ['RFC 3339 with an offset, which it keeps', '2026-01-15T10:30:00+02:00', '2026-01-15T10:30:00'],
    ['RFC 3339 with a fraction', '2026-01-15T10:30:00.123Z', '2026-01-15T10:30:00'],
    ['a time without a zone', '2026-01-15T10:30:00', '2026-01-15T10:30:00'],
    ['a time without a zone, with a fraction', '2026-01-15T10:30:00,5', '2026-01-15T10:30:00'],
    ['a day', '2026-01-15', '2026-01-15T00:00:00'],
    ['RFC 1123', 'Mon, 02 Jan 2006 15:04:05 GMT', '2006-01-02T15:04:05'],
    ['a leap day', '2024-02-29', '2024-02-29T00:00:00'],
  ])('reads %s', (_title, given, expected) => {
    expect(change('dateFormat', given)).toBe(expected);
  });

  it.each([
    ['YYYY-MM-DD', '2026-01-05'],
    ['DD/MM/YY', '05/01/26'],
    ['HH:mm:ss.SSS', '13:04:05.123'],
    ['HH:mm:ss,SSS', '13:04:05,123'],
    ['2006-01-02', '2026-01-05'],
    ['02/01/2006', '05/01/2026'],
    ['15:04:05', '13:04:05'],
    ['Jan 2 2006', 'Jan 5 2026'],
    ['Monday, 2 January 2006', 'Monday, 5 January 2026'],
    ['Mon _2 Jan 06', 'Mon  5 Jan 26'],
    ['3:04 PM', '1:04 PM'],
    ['03:4:5 pm', '01:4:5 pm'],
    ['.000 .000000 .999999999', '.123 .123456 .123456'],
    ['Z07:00 Z0700 -07:00 -0700 -07 MST', '-03:30 -0330 -03:30 -0330 -03 -0330'],
    ['002 2006', '005 2026'],
    ['YYYY at 15h', '2026 at 13h'],
    ['Janet, Month, literal', 'Janet, Month, literal'],
  ])('writes %s', (format, expected) => {
    expect(change('dateFormat', written, { format })).toBe(expected);
  });

  it('writes midnight and noon with twelve hours', () => {
    const clock = (given: string) => change('dateFormat', given, { format: '3:04 PM' });

    expect([clock('2026-01-15T00:05:00Z'), clock('2026-01-15T12:05:00Z')]).toEqual([
      '12:05 AM',
      '12:05 PM',
    ]);
  });

  it('writes UTC as Z', () => {
    const format = 'Z07:00 -07:00 MST';

    expect(change('dateFormat', '2026-01-15T10:30:00Z', { format })).toBe('Z +00:00 UTC');
  });

  it.each([
    'tomorrow',
    '',
    '2026-02-30',
    '2023-02-29',
    '2026-13-01',
    '2026-01-15T24:00:00Z',
    '2026-01-15 10:30:00',
    '15/01/2026',
    '1768435200',
    'Mon, 02 Jan 2006 15:04:05 XYZ',
  ])('refuses %j', (given) => {
    expect(() => change('dateFormat', given)).toThrow(
      expect.objectContaining({
        code: 'TRANSFORM_FAILED',
        message: `transform "dateFormat" failed: could not parse date: ${given}`,
      }),
    );
  });

  it('leaves numbers as they are: an epoch is no date', () => {
    expect(change('dateFormat', 1_768_435_200)).toBe(1_768_435_200);
  });
});
