import { describe, expect, it } from 'vitest';
import { Fault, type Filter, type Item, itemOf } from '../src/index.ts';
import { losses } from '../src/run/losses.ts';
import type { DeadLetterPolicy, FilterStage } from '../src/run/plan.ts';
import type { VerdictRules } from '../src/run/verdict.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const rules = { onErrorScope: 'all', endless: false } as VerdictRules;
const outage = new Fault('a.down', 'It is down.', { category: 'server', statusCode: 503 });

function stageOf(filter: Filter, onError: FilterStage['onError']): FilterStage {
  const names = { type: 'ask', path: 'filters[0]', failure: 'ask error' };
  return { ...names, log: silent, logged: 'mark', onError, filter };
}

/** A filter that calls every fault an error of the record. */
const filter: Filter = {
  each: (item) => item,
  marked: ({ code, message, statusCode = 0 }) =>
    new Fault(code, message, { category: 'validation', statusCode }),
};

describe('records that a filter could not handle', () => {
  it('are marked as the filter says, and counted so', () => {
    const lost = losses(rules);
    const item: Item = itemOf({ id: 1 });

    const goesOn = lost.keeps(stageOf(filter, 'log'), item, 3, outage);

    expect(goesOn).toBe(true);
    expect(item.record['_errors']).toEqual([
      {
        module: 'ask',
        category: 'validation',
        retryable: false,
        message: 'It is down.',
        code: 'a.down',
        statusCode: 503,
        recordIndex: 3,
      },
    ]);
    expect(lost.errorCounts).toEqual(new Map([['validation', 1]]));
  });

  it('are stored or given up by what the fault is, whatever a marker would say', () => {
    const lost = losses({ ...rules, deadLetter: { transient: false } as DeadLetterPolicy });

    const goesOn = lost.keeps(stageOf(filter, 'skip'), itemOf({ id: 1 }), 0, outage);

    expect(goesOn).toBe(false);
    expect([lost.letters(), lost.failed()]).toEqual([[], 1]);
  });
});
