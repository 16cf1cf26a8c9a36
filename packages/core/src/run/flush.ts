import { faultOf, type Item } from '../index.ts';
import { chain } from './chain.ts';
import { type Batch, blankBatch } from './cutter.ts';
import { filterFailure, kernelFailure } from './failure.ts';
import { isHolding } from './holds.ts';
import { FilterFailure } from './losses.ts';
import type { RunState } from './state.ts';
import { absorb, blankTally } from './tally.ts';

/**
 * At the end of a run, takes what filters still hold through the filters behind them.
 *
 * @returns the last batch, empty if they held nothing; `undefined`: no filter holds, or the run failed
 */
export async function flushFilters(state: RunState): Promise<Batch | undefined> {
  const { plan, losses, ledger, everything, journal } = state;
  if (state.failure !== undefined || !state.holds.some) return undefined;
  const { signal } = everything;
  const tally = blankTally();
  const last = blankBatch(state.batches++);
  losses.begin(last.seq);
  try {
    let out: Item[] = [];
    for (const [index, { filter }] of plan.filters.entries()) {
      if (!isHolding(filter)) continue;
      const held = (await filter.flush?.(signal)) ?? [];
      tally.created += held.length;
      tally.left[index] = (tally.left[index] ?? 0) - held.length;
      const behind = chain(plan.filters, losses.keeps, index + 1);
      out = [...out, ...(await behind(held, signal, tally))];
    }
    const letters = losses.letters();
    absorb(tally, losses.failed(), letters.length);
    ledger.filtered(tally);
    journal.filtered(0, tally);
    last.items = out;
    last.letters.push(...letters);
    last.held = losses.isHeld();
    return last;
  } catch (error) {
    state.fail(
      error instanceof FilterFailure
        ? filterFailure(plan, error)
        : kernelFailure(faultOf(error, 'FILTER_FAILED')),
    );
    return undefined;
  }
}
