import type { OutputPreview } from '@cannectors/core/run';
import { expect, it } from 'vitest';
import { previewText } from '../src/preview-text.ts';

const plain = (_colour: string, text: string) => text;
const ending = '  Dry run: nothing was sent or written to the target system.';

function lines(previews: readonly OutputPreview[], isVerbose = false): string[] {
  return previewText(previews, plain, isVerbose).split('\n');
}

it('shows method, endpoint, records, sorted headers and body of a request', () => {
  const shown = lines([
    {
      output: 'output',
      records: 3,
      operations: [
        {
          kind: 'http',
          title: 'POST',
          record_count: 3,
          http: {
            endpoint: 'https://api.example.com/orders',
            method: 'POST',
            headers: { 'X-Team': 'a', Authorization: 'Bearer [MASKED-TOKEN]' },
            body_preview: '[\n  1\n]',
          },
        },
      ],
      operations_omitted: 2,
    },
  ]);

  expect(shown).toEqual([
    'Preview: what would be sent',
    '  POST https://api.example.com/orders  3 records',
    '    Authorization: Bearer [MASKED-TOKEN]',
    '    X-Team: a',
    '    [',
    '      1',
    '    ]',
    '  … 2 more operations',
    ending,
  ]);
});

it('cuts long bodies and counts what it left out, but not with --verbose', () => {
  const detail = Array.from({ length: 12 }, (_, index) => `line ${index}`).join('\n');
  const previews = [
    { output: 'output', records: 1, operations: [{ title: 'append to a.ndjson', detail }] },
  ];

  expect(lines(previews)).toContain('    … 2 more lines');
  expect(lines(previews)).not.toContain('    line 10');
  expect(lines(previews, true)).toContain('    line 11');
});

it('shows statement, parameters and cut values of a database operation', () => {
  const sql = {
    driver: 'postgres',
    target: 'db.example.com/shop',
    operation: 'upsert',
    table: 'orders',
    statement: 'INSERT INTO orders VALUES ($1)',
    parameters: ['id', 'note', 'total'],
    rows: [
      ['x', 3, null],
      ['y'.repeat(80), 1, 1],
    ],
    rows_omitted: 4,
    transaction: true,
  };
  const shown = lines([
    {
      output: 'output',
      records: 6,
      operations: [{ kind: 'sql', title: 'upsert', record_count: 6, sql }],
    },
  ]);

  expect(shown.slice(1, -1)).toEqual([
    '  upsert orders  postgres  6 records',
    '    target: db.example.com/shop',
    '    transaction: true',
    '    INSERT INTO orders VALUES ($1)',
    '    parameters: id, note, total',
    '    1: "x", 3, NULL',
    `    2: "${'y'.repeat(59)}…, 1, 1`,
    '    … 4 more rows',
  ]);
});

it('says which output, why there is no preview, and nothing without records', () => {
  const none = { output: 'crm', records: 0, operations: [] };
  const silent = { output: 'shop', records: 2, operations: [], unsupported: true as const };
  const broken = { output: 'log', records: 1, operations: [], error: 'no template' };

  expect(previewText([none], plain, false)).toBe('');
  expect(lines([none, silent, broken]).slice(1, -1)).toEqual([
    '  output shop: 2 records',
    '  This output has no preview.',
    '  output log: 1 record',
    '  No preview: no template',
  ]);
});
