import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateLayout } from '../src/dates.ts';

const moment = {
  year: 2026,
  month: 1,
  day: 5,
  hour: 13,
  minute: 4,
  second: 9,
  nanosecond: 120_000_000,
  offset: -12_600,
  zone: '',
};

describe('a layout writes', () => {
  it.each([
    ['2006-01-02T15:04:05Z07:00', '2026-01-05T13:04:09-03:30'],
    ['06/1/2 3:4:5 PM', '26/1/5 1:4:9 PM'],
    ['Monday, January _2', 'Monday, January  5'],
    ['Mon Jan 02 __2 002', 'Mon Jan 05   5 005'],
    ['05.000 05.999 05,00', '09.120 09.12 09,12'],
    ['-07:00 -0700 -07 MST', '-03:30 -0330 -03 -0330'],
    ['Janet Month _2006 1st', 'Janet Month _2026 1st'],
    ['no element', 'no element'],
    ['', ''],
  ])('%s', (layout, expected) => {
    expect(dateLayout(layout).format(moment)).toBe(expected);
  });
});

describe('a layout reads', () => {
  it.each([
    ['2006-01-02', '2026-02-28', { year: 2026, month: 2, day: 28, zone: 'UTC' }],
    ['02 Jan 06', '05 fEb 69', { year: 1969, month: 2, day: 5 }],
    ['January 2, 2006', 'December 31, 2026', { month: 12, day: 31 }],
    [
      'Mon, 02 Jan 2006 15:04:05 MST',
      'Tue, 05 Jan 2026 13:04:09 EST',
      { hour: 13, offset: -18_000 },
    ],
    ['3:04 PM', '12:30 AM', { hour: 0, minute: 30 }],
    ['3:04 pm', '12:30 pm', { hour: 12, minute: 30 }],
    ['2006 002', '2024 366', { month: 12, day: 31 }],
    ['15:04:05', '10:20:30.5', { second: 30, nanosecond: 500_000_000 }],
    ['15:04:05.000', '10:20:30.125', { nanosecond: 125_000_000 }],
    ['2006-01-02T15:04:05Z07:00', '2026-01-05T13:04:09+05:45', { offset: 20_700, zone: '' }],
    ['2006-01-02T15:04:05Z07:00', '2026-01-05T13:04:09Z', { offset: 0, zone: 'UTC' }],
  ])('%s from %s', (layout, text, expected) => {
    expect(dateLayout(layout).parse(text)).toMatchObject(expected);
  });

  it.each([
    ['2006-01-02', '2026-02-29'],
    ['2006-01-02', '2026-1-2'],
    ['2006-01-02', '2026-01-02 '],
    ['2006-01-02', ''],
    ['15:04', '24:00'],
    ['3:04 PM', '13:00 PM'],
    ['2006 002', '2026 366'],
    ['MST', 'XYZ'],
    ['-0700', '+2500'],
    ['15:04:05.000', '10:20:30.12'],
    ['.', 'x'],
  ])('nothing: %s from %j', (layout, text) => {
    expect(dateLayout(layout).parse(text)).toBeUndefined();
  });

  it('what it has written', () => {
    const layout = dateLayout('2006-01-02T15:04:05.999999999Z07:00');
    const anyMoment = fc.record({
      year: fc.integer({ min: 0, max: 9999 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
      hour: fc.nat(23),
      minute: fc.nat(59),
      second: fc.nat(59),
      nanosecond: fc.nat(999_999_999),
      offset: fc.integer({ min: -14 * 60, max: 14 * 60 }).map((minutes) => minutes * 60),
    });

    fc.assert(
      fc.property(anyMoment, (civil) => {
        const zone = civil.offset === 0 ? 'UTC' : '';
        expect(layout.parse(layout.format({ ...civil, zone }))).toEqual({ ...civil, zone });
      }),
    );
  });
});
