import type { RunResult } from '@cannectors/core/run';
import { describe, expect, it } from 'vitest';
import { failureText, successText } from '../src/summary.ts';

const plain = (_colour: string, text: string) => text;

function result(given: Partial<RunResult> = {}): RunResult {
  return {
    pipeline: 'orders',
    run: 'r-1',
    status: 'success',
    records_read: 500,
    records_written: 480,
    records_failed: 0,
    records_dropped: 20,
    started_at: '2026-11-22T10:00:00.000Z',
    completed_at: '2026-11-22T10:00:01.300Z',
    duration_ms: 1300,
    ...given,
  };
}

describe('a run that went well', () => {
  it('ends with what was done, the ledger, and the state', () => {
    const text = successText(
      result({ checkpoint: { id: 4821 } }),
      '.cannectors-state/orders.json',
      plain,
    );

    expect(text).toBe(
      [
        '✔ Pipeline executed successfully  orders  1.3 s',
        '  read 500 · written 480 · dropped 20                    385 records/s',
        '  state .cannectors-state/orders.json  {"id":4821}',
      ].join('\n'),
    );
  });

  it('leaves out zeros, but for what was written', () => {
    const text = successText(
      result({ records_read: 0, records_written: 0, records_dropped: 0, duration_ms: 0 }),
      '',
      plain,
    );

    expect(text.split('\n')).toEqual([
      '✔ Pipeline executed successfully  orders  0 ms',
      '  read 0 · written 0',
    ]);
  });

  it('counts per output, and error markers by category, sorted', () => {
    const text = successText(
      result({
        records_created: 3,
        records_dead_lettered: 2,
        partial: true,
        error_counts: { validation: 1, network: 12 },
        outputs: {
          crm: {
            records_written: 480,
            records_failed: 1,
            records_dropped: 0,
            records_dead_lettered: 2,
          },
        },
      }),
      '',
      plain,
    );

    expect(text.split('\n').slice(1)).toEqual([
      expect.stringMatching(
        /^ {2}read 500 · created 3 · written 480 · dropped 20 · dead-lettered 2 +385/,
      ),
      '  output crm: written 480 · failed 1 · dead-lettered 2',
      '  13 error markers',
      '    network 12',
      '    validation 1',
      '  partial: an outage left records for the next run',
    ]);
  });
});

it('ends a dry run with the state that would be kept', () => {
  const text = successText(result({ checkpoint: { offset: 3 } }), undefined, plain);

  expect(text).toContain('\n  state would be {"offset":3}');
});

it('ends a run that failed with module, error, hint and ledger', () => {
  const text = failureText(
    result({
      status: 'error',
      records_written: 0,
      records_dropped: 0,
      records_failed: 500,
      error: {
        code: 'OUTPUT_FAILED',
        module: 'httpRequest',
        message: 'validation error (status 422): 422 \u001b[2J',
        hint: 'Check the fields.',
        details: {},
        error_category: 'validation',
        error_type: 'fatal',
      },
    }),
    plain,
  );

  expect(text.split('\n')).toEqual([
    '✖ Pipeline execution failed  orders  1.3 s',
    '  httpRequest: validation error (status 422): 422 \\u001b[2J',
    '  → Check the fields.',
    expect.stringMatching(/^ {2}read 500 · written 0 · failed 500 +385 records\/s$/),
  ]);
});
