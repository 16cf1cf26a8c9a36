import { type Chunk, faultOf, type Input, type Item, type Json } from '../index.ts';
import { bounded } from './bounded.ts';
import { type Batch, type Cutter, cutter } from './cutter.ts';
import { inputFailure } from './failure.ts';
import { recordTooLarge } from './faults.ts';
import { recordId } from './identity.ts';
import { keeperOf } from './keeper.ts';
import type { Letter } from './losses.ts';
import { refuse, type RunState } from './state.ts';
import { verdictOn } from './verdict.ts';

/** Defaults of a pipeline without a `batch` block (spec/runtime/model.md, section 4). */
const endlessLimits = {
  maxEvents: 2000,
  maxBytes: 16 * 2 ** 20,
  maxMs: 50,
  respectSourceTx: true,
  maxInflight: 1,
};
const finiteLimits = {
  ...endlessLimits,
  maxEvents: Infinity,
  maxBytes: 24 * 2 ** 20,
  maxMs: Infinity,
};

export function batchLimits({ plan, endless }: RunState): typeof endlessLimits {
  const limits = plan.batch ?? (endless ? endlessLimits : finiteLimits);
  // A transaction holds what was written since the last save, so nothing may come ahead of one.
  return keeperOf(plan) === undefined ? limits : { ...limits, maxInflight: 1 };
}

/**
 * Pulls chunks and queues batches, until the input ends or the run does.
 *
 * Nothing is pulled while the pipeline is paused, while a cut batch waits for its turn, or while the
 * byte budget is used up (G9).
 */
export async function read(state: RunState): Promise<void> {
  const { plan, options, ledger, reading, position } = state;
  state.journal.began('input');
  const cut = cutter({
    ...batchLimits(state),
    // What is committed together with a checkpoint may not reach beyond it.
    bySafePoint: plan.batch === undefined || keeperOf(plan) !== undefined,
    memoryBytes: plan.memory.maxBytes,
    isHeld: state.holds.some,
  });
  const from = {
    ...(position === undefined ? {} : { checkpoint: position }),
    signal: reading.signal,
  };
  const chunks = pulled(plan.input.input, from);
  const limit = options.dryRun?.maxRecords ?? Infinity;
  let isComplete = false;
  let dropped = 0;
  let lastBytes = 0;
  let count = 0;

  try {
    while (state.failure === undefined && count < limit) {
      const next = mayPull(state, lastBytes) ? chunks.next() : undefined;
      const got = await firstOf(state, next, cut);
      if (got === undefined) {
        enqueue(state, dueBatch(cut, state));
        continue;
      }
      chunks.taken();
      if (got.done === true) {
        isComplete = !state.stopping;
        break;
      }
      await state.failpoint('after-pull');
      const chunk = limit < Infinity ? cutTo(got.value, limit - count) : got.value;
      dropped += prepare(chunk, state);
      lastBytes = chunk.bytes ?? estimateBytes(chunk.items);
      const letters = accepted(chunk, lastBytes, state);
      if (letters === undefined) continue;
      count += chunk.items.length;
      ledger.read(chunk.items.length);
      if (chunk.settled !== undefined) state.waiters.add(chunk);
      state.bytes += lastBytes;
      for (const batch of cut.add(chunk, lastBytes, letters)) enqueue(state, batch);
    }
  } catch (error) {
    // A read that was told to stop may end with any error: nothing of it was taken.
    if (!state.stopping) state.fail(inputFailure(plan, faultOf(error, 'INPUT_FAILED')));
  } finally {
    reading.abort();
    await chunks.close(state.everything.signal);
  }
  if (dropped > 0) {
    plan.input.log.warn('dropped reserved field from inbound records', {
      field: '_metadata',
      records: dropped,
    });
  }
  const { batch, unread } = cut.end(isComplete || count >= limit || state.failure !== undefined);
  ledger.unread(unread);
  enqueue(state, batch);
}

function enqueue(state: RunState, batch: Batch | undefined): void {
  if (batch === undefined) return;
  state.queue.push(batch);
  state.wake();
}

const maxBurst = 64;

function mayPull(state: RunState, expectedBytes: number): boolean {
  const { queue, inflight, paused, plan } = state;
  const hasRoom = state.bytes + expectedBytes <= plan.memory.maxBytes;
  if (paused || (!hasRoom && inflight + queue.length > 0)) return false;
  // Deliveries that need not wait for each other may come in a burst.
  return queue.length === 0 || (queue.length < maxBurst && queue.at(-1)?.isAlone === true);
}

/** The next chunk, or nothing when the state changed or the batch being built is due. */
async function firstOf(
  state: RunState,
  next: Promise<IteratorResult<Chunk>> | undefined,
  cut: Cutter,
): Promise<IteratorResult<Chunk> | undefined> {
  const due = cut.dueAt();
  // What happens to batches changes nothing while the input is asked and no batch is being built.
  if (next !== undefined && due === Infinity) {
    return await new Promise((resolve, reject) => {
      state.onInterrupt(() => resolve(undefined));
      next.then(resolve, reject);
    });
  }
  const change = state.change(
    due === Infinity || state.paused ? undefined : due - performance.now(),
  );
  return (await (next === undefined ? change : Promise.race([next, change]))) ?? undefined;
}

function dueBatch(cut: Cutter, { paused }: RunState): Batch | undefined {
  return !paused && cut.dueAt() <= performance.now() ? cut.flushDue() : undefined;
}

/** Asks for one chunk at a time, and again only after the last one was taken. */
function pulled(input: Input, from: Parameters<Input['read']>[0]) {
  const iterator = input.read(from)[Symbol.asyncIterator]();
  let asked: Promise<IteratorResult<Chunk>> | undefined;
  return {
    next: () => (asked ??= iterator.next()),
    taken: () => void (asked = undefined),
    /** Waits for the input to end; not longer than the run. */
    async close(abort: AbortSignal): Promise<void> {
      const end = async (): Promise<void> => {
        await asked?.catch(() => undefined);
        await iterator.return?.().catch(() => undefined);
      };
      await bounded(end, abort, undefined).catch(() => undefined);
    },
  };
}

/**
 * Removes what is reserved, puts there what the input says, and makes ids where somebody asks for them.
 * Counts the first.
 */
function prepare(chunk: Chunk, { plan, options }: RunState): number {
  const withIds =
    plan.outputs.some(({ output }) => output.needsIds) || options.deadLetters !== undefined;
  let dropped = 0;
  for (const item of chunk.items) {
    if (Object.hasOwn(item.record, '_metadata')) {
      delete item.record['_metadata'];
      dropped++;
    }
    if (chunk.metadata !== undefined) item.record['_metadata'] = structuredClone(chunk.metadata);
    if (withIds && item.meta.id === undefined) {
      Object.assign(item, { meta: { ...item.meta, id: recordId(plan.name, item.record) } });
    }
  }
  return dropped;
}

/**
 * The dead letters of a chunk; nothing if it cannot be taken and the one who waits was told so.
 *
 * @throws what is wrong with the chunk, if nobody waits
 */
function accepted(chunk: Chunk, bytes: number, state: RunState): Letter[] | undefined {
  try {
    checkRecordSizes(chunk.items, bytes, state.plan.memory.maxRecordBytes);
    return unreadableLetters(chunk, state);
  } catch (error) {
    if (!state.endless || chunk.settled === undefined) throw error;
    refuse(chunk, faultOf(error, 'INPUT_FAILED'));
    return undefined;
  }
}

/** @throws the fault of the first one, unless the input's `onError` says to store them */
function unreadableLetters({ unreadable = [] }: Chunk, state: RunState): Letter[] {
  const { type, onError } = state.plan.input;
  for (const { fault } of unreadable) {
    const isStored = onError === 'dlq' && verdictOn(fault, onError, state.rules) === 'store';
    if (!isStored) throw fault;
  }
  state.ledger.unreadable(unreadable.length);
  return unreadable.map(({ raw, fault }) => ({
    stage: 'input',
    stageId: type,
    batchSeq: 0,
    raw,
    fault,
    attempts: 1,
  }));
}

function cutTo(chunk: Chunk, records: number): Chunk {
  return records >= chunk.items.length ? chunk : { ...chunk, items: chunk.items.slice(0, records) };
}

/** No record can be larger than its chunk: records are measured only where the chunk is too large. */
function checkRecordSizes(items: readonly Item[], bytes: number, limit: number): void {
  if (bytes <= limit) return;
  for (const { record } of items) {
    const size = sizeOf(record);
    if (size > limit) throw recordTooLarge(size, limit);
  }
}

function estimateBytes(items: readonly Item[]): number {
  const step = Math.max(1, Math.floor(items.length / 8));
  let sampled = 0;
  let bytes = 0;
  for (let index = 0; index < items.length; index += step) {
    bytes += sizeOf((items[index] as Item).record);
    sampled++;
  }
  return sampled === 0 ? 0 : Math.ceil((bytes / sampled) * items.length);
}

function sizeOf(record: Json): number {
  return JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  ).length;
}
