import { itemOf, type Json, type JsonRecord, type Log } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { cursors } from '../src/index.ts';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: unknown;
}

function logTo(lines: Line[]): Log {
  const write = (level: string) => (message: string, fields: unknown) => {
    lines.push({ level, message, fields });
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
}

const defaults = { ordered: false, onMissing: 'ignore', overlapMs: 0 } as const;
const byId = { ...defaults, id: { enabled: true, field: 'id' } };
const byTime = { ...defaults, timestamp: { enabled: true, field: 'at' } };
const silent = logTo([]);
const now = new Date('2026-11-22T10:00:00.250Z');

const itemsOf = (...records: JsonRecord[]) => records.map((record) => itemOf(record));

/** What the state file holds after one run over the given chunks. */
function after(
  config: Parameters<typeof cursors>[0],
  stored: Json | undefined,
  ...chunks: JsonRecord[][]
): Json | undefined {
  const run = cursors(config, silent).begin(stored, now);
  for (const chunk of chunks) run.observe(itemsOf(...chunk));
  return run.finish();
}

describe('the id cursor', () => {
  it.each([
    ['the largest of all pages', [[{ id: 3 }, { id: 9 }], [{ id: 4 }]], { id: 9 }],
    ['strings of digits as numbers', [[{ id: '9' }, { id: '10' }]], { id: '10' }],
    [
      'digits beyond 2^53 exactly',
      [[{ id: 9007199254740993n }, { id: 9007199254740992n }]],
      { id: '9007199254740993' },
    ],
    [
      'natural order for other texts',
      [[{ id: 'order-10' }, { id: 'order-9' }]],
      { id: 'order-10' },
    ],
    ['leading zeros without weight', [[{ id: 'a007' }, { id: 'a08' }]], { id: 'a08' }],
    ['negative numbers in their order', [[{ id: '-5' }, { id: '-3' }]], { id: '-3' }],
    ['numbers and strings of digits together', [[{ id: 41 }, { id: '42' }]], { id: '42' }],
    [
      'nothing from records without an id',
      [[{}, { id: null }, { id: true }, { id: 1 }]],
      { id: 1 },
    ],
  ])('keeps %s', (_title, pages, expected) => {
    expect(after(byId, undefined, ...(pages as JsonRecord[][]))).toStrictEqual(expected);
  });

  it('never goes back', () => {
    expect(after(byId, { id: 50 }, [{ id: 7 }])).toStrictEqual({ id: 50 });
    expect(after(byId, { id: '9007199254740993' }, [{ id: 9007199254740992n }])).toStrictEqual({
      id: '9007199254740993',
    });
  });

  it('keeps its value when no record was fetched', () => {
    expect(after(byId, { id: 50 })).toStrictEqual({ id: 50 });
    expect(after(byId, undefined)).toStrictEqual({});
  });

  it('warns when no record has an id', () => {
    const lines: Line[] = [];
    const run = cursors(byId, logTo(lines)).begin({ id: 5 }, now);

    run.observe(itemsOf({}, { id: null }));

    expect(run.finish()).toStrictEqual({ id: 5 });
    expect(lines).toStrictEqual([
      {
        level: 'warn',
        message: 'failed to extract last ID for state persistence',
        fields: { field: 'id', records: 2 },
      },
    ]);
  });

  it('ends the run at a record without an id with `onMissing: error`', () => {
    const run = cursors({ ...byId, onMissing: 'error' }, silent).begin(undefined, now);
    run.observe(itemsOf({ id: 1 }));

    const observe = () => run.observe(itemsOf({ id: 2 }, { name: 'Ada' }));

    expect(observe).toThrow(
      expect.objectContaining({
        code: 'cursor.missing-value',
        retry: false,
        details: { field: 'id', record_index: 2 },
      }),
    );
  });

  it('compares very long digits without turning them into numbers', () => {
    const long = `1${'0'.repeat(1_000_000)}`;

    expect(after(byId, undefined, [{ id: '9' }, { id: long }, { id: '10' }])).toStrictEqual({
      id: long,
    });
  });
});

describe('the timestamp cursor', () => {
  it.each([
    ['2026-04-21T12:34:56.123456Z', '2026-04-21T12:34:56.123456Z'],
    ['2026-04-21T12:34:56.123456789123Z', '2026-04-21T12:34:56.123456789123Z'],
    ['2026-04-21t12:34:56z', '2026-04-21T12:34:56Z'],
    ['2026-04-21T12:34:56+02:00', '2026-04-21T12:34:56+02:00'],
    ['2026-04-21T12:34:56+0200', '2026-04-21T12:34:56+02:00'],
    ['2026-04-21 12:34', '2026-04-21T12:34:00Z'],
    ['2026-04-21', '2026-04-21T00:00:00Z'],
    [1776774896, '2026-04-21T12:34:56Z'],
    [1776774896.5, '2026-04-21T12:34:56.5Z'],
    [1776774896123, '2026-04-21T12:34:56.123Z'],
    ['1776774896', '2026-04-21T12:34:56Z'],
  ])('reads %s', (value, expected) => {
    expect(after(byTime, undefined, [{ at: value }])).toStrictEqual({ timestamp: expected });
  });

  it.each(['', 'yesterday', '2026-02-30', '2026-13-01', '21.04.2026', true, null, {}, -1, 1e20])(
    'passes over %j',
    (value) => {
      expect(after(byTime, undefined, [{ at: value }])).toStrictEqual({});
    },
  );

  it.each([
    ['microseconds', '2026-01-01T00:00:00.000001Z', '2026-01-01T00:00:00.000002Z'],
    ['nanoseconds', '2026-01-01T00:00:00.000000001Z', '2026-01-01T00:00:00.000000002Z'],
    ['more digits', '2026-01-01T00:00:00.12Z', '2026-01-01T00:00:00.120000001Z'],
    ['zones', '2026-01-01T01:30:00+02:00', '2026-01-01T00:00:00Z'],
    ['kinds', 1767225600, '2026-01-01T00:00:01Z'],
  ])('compares %s', (_title, earlier, latest) => {
    const forth = after(byTime, undefined, [{ at: earlier }, { at: latest }]);
    const back = after(byTime, undefined, [{ at: latest }, { at: earlier }]);

    expect(forth).toStrictEqual({ timestamp: latest });
    expect(back).toStrictEqual({ timestamp: latest });
  });

  it('never goes back, and stays without records', () => {
    const stored = { timestamp: '2026-06-01T00:00:00Z' };

    expect(after(byTime, stored, [{ at: '2026-05-01T00:00:00Z' }])).toStrictEqual(stored);
    expect(after(byTime, stored)).toStrictEqual(stored);
  });

  it('warns once of values that are no dates', () => {
    const lines: Line[] = [];
    const run = cursors(byTime, logTo(lines)).begin(undefined, now);

    run.observe(itemsOf({ at: 'soon' }, { at: '2026-01-01' }));
    run.observe(itemsOf({ at: 'later' }));
    run.finish();

    expect(lines).toStrictEqual([
      {
        level: 'warn',
        message: 'failed to parse timestamp for state persistence',
        fields: { field: 'at', records: 2 },
      },
    ]);
  });

  it('is the start of the run without a field, also without records', () => {
    const config = { ...defaults, timestamp: { enabled: true } };

    expect(after(config, undefined)).toStrictEqual({ timestamp: '2026-11-22T10:00:00.250Z' });
    expect(after(config, { timestamp: '2027-01-01T00:00:00Z' })).toStrictEqual({
      timestamp: '2027-01-01T00:00:00Z',
    });
  });
});

describe('checkpoints', () => {
  const offset = { enabled: true };

  it('comes once, at the end, from a source without an order', () => {
    const run = cursors(byId, silent).begin({ id: 1 }, now);

    expect(run.observe(itemsOf({ id: 7 }))).toBeUndefined();
    expect(run.finish()).toStrictEqual({ id: 7 });
  });

  it('comes with each chunk of an ordered source', () => {
    const config = {
      ...byId,
      ordered: true,
      timestamp: { enabled: true },
    };
    const run = cursors(config, silent).begin({ timestamp: '2026-01-01T00:00:00Z' }, now);

    expect(run.observe(itemsOf({ id: 7 }))).toStrictEqual({
      id: 7,
      timestamp: '2026-01-01T00:00:00Z',
    });
    expect(run.observe(itemsOf({ id: 9 }))).toStrictEqual({
      id: 9,
      timestamp: '2026-01-01T00:00:00Z',
    });
    expect(run.finish()).toStrictEqual({ id: 9, timestamp: '2026-11-22T10:00:00.250Z' });
  });

  it('moves only the offset with each chunk of a source without an order', () => {
    const run = cursors({ ...byId, offset }, silent).begin({ id: 1, offset: 10 }, now);

    expect(run.observe(itemsOf({ id: 5 }, { id: 6 }))).toStrictEqual({ id: 1, offset: 12 });
    expect(run.observe(itemsOf({ id: 7 }), 20)).toStrictEqual({ id: 1, offset: 20 });
    expect(run.finish()).toStrictEqual({ id: 7, offset: 20 });
  });

  it('holds nothing of a cursor that is not enabled', () => {
    const stored = { id: 4, timestamp: '2026-01-01T00:00:00Z', offset: 9, other: true };

    expect(after({ offset }, stored, [{}])).toStrictEqual({ offset: 10 });
  });

  it('is not given when nothing is enabled', () => {
    const none = cursors({ ...defaults, id: { enabled: false, field: 'id' } }, silent);
    const run = none.begin(undefined, now);

    expect(none.isActive).toBe(false);
    expect(run.observe(itemsOf({ id: 1 }))).toBeUndefined();
    expect(run.finish()).toBeUndefined();
  });

  it.each([
    [{ id: true }, byId],
    [{ timestamp: 'soon' }, byTime],
    [{ offset: -1 }, { offset }],
    ['text', { offset }],
  ])('refuses the stored state %j', (stored, config) => {
    expect(() => cursors(config, silent).begin(stored as Json, now)).toThrow(
      expect.objectContaining({ code: 'cursor.bad-checkpoint' }),
    );
  });
});

describe('what the next run sends', () => {
  const config = {
    ...defaults,
    timestamp: { enabled: true, field: 'at', queryParam: 'since' },
    id: { enabled: true, field: 'id', queryParam: 'after' },
    offset: { enabled: true, queryParam: 'offset' },
  };

  it('is nothing on the first run', () => {
    const run = cursors(config, silent).begin(undefined, now);

    expect([...run.queryParams]).toStrictEqual([]);
    expect(run.state).toStrictEqual({
      lastTimestamp: '1970-01-01T00:00:00Z',
      lastId: null,
      timestamp: null,
      id: null,
      offset: null,
    });
  });

  it('is what was stored', () => {
    const stored = { timestamp: '2026-01-01T00:00:00.5+02:00', id: 41, offset: 300 };
    const run = cursors(config, silent).begin(stored, now);

    expect(Object.fromEntries(run.queryParams)).toStrictEqual({
      since: '2026-01-01T00:00:00.5+02:00',
      after: '41',
      offset: '300',
    });
    expect(run.state).toStrictEqual({
      lastTimestamp: '2026-01-01T00:00:00.5+02:00',
      lastId: '41',
      timestamp: '2026-01-01T00:00:00.5+02:00',
      id: 41,
      offset: 300,
    });
  });

  it('goes back by the overlap, which is never stored', () => {
    const overlapping = cursors({ ...config, overlapMs: 30_000 }, silent);
    const stored = { timestamp: '2026-01-01T00:00:10.123456Z' };
    const run = overlapping.begin(stored, now);

    expect(run.queryParams.get('since')).toBe('2025-12-31T23:59:40.123456Z');
    expect(run.state.lastTimestamp).toBe('2025-12-31T23:59:40.123456Z');
    expect(run.finish()).toStrictEqual(stored);
  });
});

describe('state variables', () => {
  it('refuses a name that does not exist, and lists those that do', () => {
    expect(() => cursors(byId, silent).checkNames(['lastID'], '/endpoint')).toThrow(
      expect.objectContaining({
        code: 'cursor.unknown-state',
        pointer: '/endpoint',
        message: expect.stringContaining('`lastId`') as string,
      }),
    );
  });

  it('warns of one that is not kept', () => {
    const lines: Line[] = [];

    cursors(byId, logTo(lines)).checkNames(['lastId', 'lastTimestamp'], '/endpoint');

    expect(lines).toStrictEqual([
      {
        level: 'warn',
        message:
          'pipeline reads a state variable it does not persist; every run will start from the epoch',
        fields: { variable: 'lastTimestamp' },
      },
    ]);
  });

  it('refuses a field that cannot be addressed', () => {
    const config = { ...byId, id: { enabled: true, field: '__proto__' } };

    expect(() => cursors(config, silent)).toThrow(
      expect.objectContaining({ pointer: '/statePersistence/id/field' }),
    );
  });
});
