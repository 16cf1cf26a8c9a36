import { faultOf, type Item, type OutputBatch, type Preview } from '../index.ts';
import type { Batch } from './cutter.ts';
import { kernelFailure } from './failure.ts';
import { Fate } from './fate.ts';
import { indexesOf } from './lane.ts';
import type { OutputStage } from './plan.ts';
import type { OutputPreview } from './result.ts';
import { route } from './route.ts';
import type { RunState } from './state.ts';

/**
 * Stands in for the deliveries in a dry run: asks each output what it would do, and touches nothing (G7).
 *
 * @see spec/connectors/cli-and-logging.md, section 4
 */
export function previewer(state: RunState) {
  const { plan, ledger } = state;
  const found = plan.outputs.map((stage) => ({
    stage,
    records: 0,
    operations: [] as Preview[],
    omitted: 0,
    error: undefined as string | undefined,
  }));

  const ask = async (stage: OutputStage, batch: OutputBatch): Promise<Preview[]> => {
    const showCredentials = state.options.dryRun?.showCredentials === true;
    return (await stage.output.preview?.(batch, { showCredentials })) ?? [];
  };

  return {
    async deliver(batch: Batch): Promise<boolean> {
      try {
        const { fates } = route(batch.items, plan);
        for (const [output, entry] of found.entries()) {
          const list = fates[output] ?? [];
          const taken = indexesOf(list, Fate.pending);
          for (const index of taken) list[index] = Fate.written;
          if (taken.length === 0) continue;
          entry.records += taken.length;
          const items = taken.map((index) => batch.items[index] as Item);
          try {
            const limit = (state.options.dryRun?.previewLimit ?? 0) - entry.operations.length;
            const operations = await ask(entry.stage, {
              items,
              seq: batch.seq,
              attempt: 1,
              failFast: false,
            });
            entry.operations.push(...operations.slice(0, Math.max(limit, 0)));
            entry.omitted += Math.max(operations.length - Math.max(limit, 0), 0);
          } catch (error) {
            entry.error ??= faultOf(error, 'OUTPUT_FAILED').message;
          }
        }
        batch.counts = ledger.closed(fates);
        return true;
      } catch (error) {
        state.fail(kernelFailure(faultOf(error, 'OUTPUT_FAILED')));
        ledger.abandoned(batch.items.length);
        return false;
      }
    },
    previews(): OutputPreview[] {
      return found.map(({ stage, records, operations, omitted, error }) => ({
        output: stage.id,
        records,
        operations,
        ...(omitted === 0 ? {} : { operations_omitted: omitted }),
        ...(stage.output.preview === undefined ? { unsupported: true as const } : {}),
        ...(error === undefined ? {} : { error }),
      }));
    },
  };
}
