import { describe, expect, it } from 'vitest';
import { cannectors } from '../src/command.ts';
import { workspace } from '../src/workspace.ts';

type Row = Record<string, unknown>;

/** Runs filters over records, from file to file. */
async function run(rows: Row[], filters: object[], more: object = {}, flags: string[] = []) {
  const place = workspace({
    'in.ndjson': rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    'p.json': {
      name: 'p',
      input: { type: 'file', path: 'in.ndjson' },
      filters,
      output: { type: 'file', path: 'out.ndjson' },
      ...more,
    },
  });
  const { code, stdout } = await cannectors(['run', 'p.json', '--json', ...flags], place);
  return { code, result: JSON.parse(stdout) as Row, out: place.records('out.ndjson'), place };
}

const toInt = (source: string, onError: string) => ({
  type: 'mapping',
  onError,
  mappings: [{ source, target: source, transforms: [{ op: 'toInt' }] }],
});
const loop = (filters: object[], more: object = {}) => ({
  type: 'loop',
  field: 'lines',
  itemName: 'line',
  filters,
  ...more,
});
const orders = [
  { id: 1, lines: [{ n: '1' }, { n: 'x' }, { n: '3' }] },
  { id: 2, lines: [{ n: '4' }] },
];

describe('a filter that fails inside a loop', () => {
  it('with skip, loses the element and keeps the record', async () => {
    const { code, result, out } = await run(orders, [loop([toInt('line.n', 'skip')])]);

    expect(code).toBe(0);
    expect(out).toEqual([
      { id: 1, lines: [{ n: 1 }, { n: 3 }] },
      { id: 2, lines: [{ n: 4 }] },
    ]);
    expect(result).toMatchObject({
      records_read: 2,
      records_created: 1,
      records_written: 2,
      records_failed: 1,
    });
  });

  it('with log, marks the record, in loops in loops too', async () => {
    const inner = { ...loop([toInt('line.n', 'log')]), field: 'order.lines' };
    const { result, out } = await run(
      [{ orders }],
      [{ type: 'loop', field: 'orders', itemName: 'order', filters: [inner] }],
    );

    expect(out).toMatchObject([
      {
        orders: [{ lines: [{ n: 1 }, { n: 'x' }, { n: 3 }] }, { lines: [{ n: 4 }] }],
        _errors: [{ module: 'mapping', code: 'TYPE_CONVERSION', itemIndex: 1, recordIndex: 0 }],
      },
    ]);
    expect(out[0]).not.toHaveProperty('_metadata');
    expect(result).toMatchObject({ status: 'success', error_counts: { validation: 1 } });
  });

  it.each([
    ['skip', {}, [{ id: 2 }], { records_failed: 1, records_written: 1 }],
    ['log', {}, [{ id: 1 }, { id: 2 }], { records_failed: 0, records_written: 2 }],
    [
      'log',
      { errorMarkers: 'all' },
      [{ id: 1, _errors: [{ module: 'loop', code: 'TYPE_CONVERSION' }] }, { id: 2 }],
      { records_written: 2, error_counts: { validation: 1 } },
    ],
    [
      'dlq',
      { deadLetter: { maxEntries: 10 } },
      [{ id: 2 }],
      { records_dead_lettered: 1, records_written: 1 },
    ],
  ])('with fail, leaves it to the loop: %s %o', async (onError, more, left, counts) => {
    const { result, out } = await run(orders, [loop([toInt('line.n', 'fail')], { onError })], more);

    expect(out).toMatchObject(left);
    expect(result).toMatchObject({ status: 'success', ...counts });
  });

  it('ends the run if nothing else was asked for, and says where', async () => {
    const { code, result, out } = await run(orders, [loop([toInt('line.n', 'fail')])]);

    expect([code, out]).toEqual([3, []]);
    expect(result['error']).toMatchObject({
      code: 'TYPE_CONVERSION',
      module: 'loop',
      details: { item_index: 1, record_index: 0 },
    });
  });
});

describe('what a loop lends to expressions', () => {
  it('is the scope: element, record, place', async () => {
    const { out } = await run(orders, [
      loop([
        {
          type: 'condition',
          expression: 'record.id == 1 and _metadata.loop.line.index % 2 == 0 and line.n != nil',
          then: [{ type: 'set', target: 'line.even', value: true }],
        },
      ]),
    ]);

    expect(out).toEqual([
      { id: 1, lines: [{ n: '1', even: true }, { n: 'x' }, { n: '3', even: true }] },
      orders[1],
    ]);
  });
});

describe('split and aggregate', () => {
  const split = { type: 'split', field: 'lines', itemName: 'line', include: ['id'] };
  const sum = (onError: string) => ({
    type: 'aggregate',
    groupBy: 'id',
    onError,
    fields: { total: { sum: 'line.n' } },
  });

  it('give true numbers, in a dry run too', async () => {
    const filters = [split, toInt('line.n', 'skip'), sum('fail')];
    const counts = {
      records_read: 2,
      records_created: 4,
      records_dropped: 3,
      records_failed: 1,
      records_written: 2,
    };

    const real = await run(orders, filters);
    const dry = await run(orders, filters, {}, ['--dry-run']);

    expect(real.out).toEqual([
      { id: 1, total: 4 },
      { id: 2, total: 4 },
    ]);
    expect([real.result, dry.result]).toMatchObject([counts, counts]);
    expect(dry.out).toEqual([]);
  });

  it('let a part that cannot be added go its own way', async () => {
    const { result, out, place } = await run(orders, [split, sum('log')], {
      output: undefined,
      routing: 'first-match',
      outputs: [
        { id: 'rejects', type: 'file', path: 'rejects.ndjson', when: '_errors != nil' },
        { id: 'totals', type: 'file', path: 'out.ndjson' },
      ],
    });

    expect(place.records('rejects.ndjson')).toMatchObject([
      {
        id: 1,
        line: { n: 'x' },
        _errors: [{ module: 'aggregate', code: 'aggregate.not-a-number' }],
      },
    ]);
    expect(out).toEqual([
      { id: 1, total: '4' },
      { id: 2, total: '4' },
    ]);
    expect(result).toMatchObject({ status: 'success', records_written: 3, records_failed: 0 });
  });
});

describe('validate', () => {
  it.each([
    [
      'two loops with one name',
      [
        loop([
          {
            type: 'condition',
            expression: 'true',
            then: [{ ...loop([]), field: 'line.parts' }],
          },
        ]),
      ],
      'filters[0].filters[0].then[0].itemName: The name `line` is that of a loop around it.',
    ],
    [
      'a group inside a branch, to the end of the run',
      [
        {
          type: 'condition',
          expression: 'true',
          then: [{ type: 'aggregate', fields: { n: 'count' } }],
        },
      ],
      'filters[0].then',
    ],
  ])('finds %s', async (_, filters, said) => {
    const place = workspace({
      'p.json': {
        name: 'p',
        input: { type: 'file', path: 'in.ndjson' },
        filters,
        output: { type: 'file', path: 'out.ndjson' },
      },
    });

    const { code, stdout, stderr } = await cannectors(['validate', 'p.json'], place);

    expect(code).toBe(1);
    expect(stdout + stderr).toContain(said);
  });
});
