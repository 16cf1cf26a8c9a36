import type { CheckpointKeeper, Json } from '../index.ts';
import type { Plan } from './plan.ts';
import type { RunState } from './state.ts';

/** The output that keeps the checkpoint in its destination, if the pipeline has one. */
export function keeperOf({ outputs }: Plan): CheckpointKeeper | undefined {
  return outputs.find(({ output }) => output.checkpoints !== undefined)?.output.checkpoints;
}

/**
 * Where a run begins if a destination keeps the checkpoint, which may be one save ahead of the state
 * file: the process was killed between the two. A file that says anything else was edited or deleted by
 * a person, and wins (D5).
 *
 * @param file what the state file holds
 * @see spec/runtime/model.md, section 8
 */
export async function startingPoint(
  { plan, options, everything: { signal } }: RunState,
  file: Json | undefined,
): Promise<Json | undefined> {
  const keeper = keeperOf(plan);
  if (keeper === undefined || options.dryRun !== undefined) return file;
  const kept = await keeper.load(signal);
  const isInStep =
    kept !== undefined &&
    file !== undefined &&
    (isSame(file, kept.checkpoint) || isSame(file, kept.previous));
  const from = isInStep ? kept.checkpoint : (file ?? {});
  // First the destination: after a crash in between, a file that is missing still means a fresh start.
  if (!isInStep) await keeper.save({ checkpoint: from, previous: from }, signal);
  if (file === undefined || !isSame(from, file)) await options.store.save(from);
  return from;
}

/** Tells whether two checkpoints are one, in whatever order their keys stand. */
function isSame(one: Json, other: Json): boolean {
  return canonical(one) === canonical(other);
}

function canonical(checkpoint: Json): string {
  return JSON.stringify(checkpoint, (_key, value: unknown) => {
    // A state file holds whole numbers beyond 2^53 as text.
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
