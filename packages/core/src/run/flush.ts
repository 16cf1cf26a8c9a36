import { faultOf, type Item } from '../index.ts';
import { chain } from './chain.ts';
import { filterFailure, kernelFailure } from './failure.ts';
import { FilterFailure } from './losses.ts';
import type { RunState } from './state.ts';
import { absorb, blankTally } from './tally.ts';

/** At the end of a run, takes what filters still hold through the filters behind them. */
export async function flushFilters(state: RunState): Promise<Item[]> {
  const { plan, losses, ledger, everything } = state;
  const { signal } = everything;
  const tally = blankTally();
  let out: Item[] = [];
  losses.begin(state.batches);
  try {
    for (const [index, stage] of plan.filters.entries()) {
      const held = 'flush' in stage.filter ? await stage.filter.flush?.(signal) : undefined;
      if (held === undefined) continue;
      tally.created += held.length;
      out = [
        ...out,
        ...(await chain(plan.filters.slice(index + 1), losses.keeps)(held, signal, tally)),
      ];
    }
    absorb(tally, losses.failed(), losses.letters().length);
    ledger.filtered(tally);
    return out;
  } catch (error) {
    state.fail(
      error instanceof FilterFailure
        ? filterFailure(plan, error)
        : kernelFailure(faultOf(error, 'FILTER_FAILED')),
    );
    return [];
  }
}
