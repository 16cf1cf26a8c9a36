import type { LogFields } from '../index.ts';
import { runError } from './failure.ts';
import type { RunState } from './state.ts';
import type { FilterTally } from './tally.ts';

/**
 * The lines that a run writes about its stages: each begins once and ends once.
 *
 * @see spec/connectors/cli-and-logging.md, section 5.2
 */
export interface Journal {
  began(stage: StageName): void;
  /** The input has handed over everything. */
  wasRead(): void;
  /** A batch has left the filters. */
  filtered(records: number, tally: FilterTally): void;
  /** Writes the ends. A stage that never began because nothing came is written as begun and ended. */
  end(): void;
}

type StageName = 'input' | 'filter' | 'output';

export function journal(state: RunState): Journal {
  const { options, plan, ledger, durations } = state;
  const { log } = options;
  const begun = new Set<StageName>();
  const inputs = plan.filters.map(() => 0);
  const outputs = plan.filters.map(() => 0);
  let remaining = 0;

  const began = (stage: StageName): void => {
    if (begun.has(stage)) return;
    begun.add(stage);
    log.info('stage started', { stage });
  };
  const factsOf = (stage: StageName): LogFields => {
    const counts = {
      input: ledger.totals().read,
      filter: remaining,
      output: ledger.totals().records_written,
    };
    return { stage, record_count: counts[stage], duration_ms: Math.round(durations[stage]) };
  };

  return {
    began,
    wasRead() {
      if (state.failure === undefined) log.info('stage completed', factsOf('input'));
    },
    filtered(records, { left }) {
      let count = records;
      for (const index of plan.filters.keys()) {
        inputs[index] = (inputs[index] ?? 0) + count;
        count -= left[index] ?? 0;
        outputs[index] = (outputs[index] ?? 0) + count;
      }
      remaining += count;
    },
    end() {
      const { failure } = state;
      if (failure !== undefined) {
        const { code, message } = runError(failure);
        const stage = failure.stage === 'kernel' ? 'output' : failure.stage;
        log.error('stage failed', { ...factsOf(stage), error_code: code, error: message });
        return;
      }
      for (const [index, stage] of plan.filters.entries()) {
        const facts = state.losses.of(stage);
        stage.log.info('filter processing completed', {
          input_records: inputs[index],
          output_records: outputs[index],
          ...(facts.skipped === 0 ? {} : { skipped_records: facts.skipped }),
          ...(facts.errors === 0 ? {} : { error_count: facts.errors }),
          duration_ms: Math.round(durations.filter),
        });
      }
      for (const stage of ['filter', 'output'] as const) {
        began(stage);
        log.info('stage completed', factsOf(stage));
      }
    },
  };
}
