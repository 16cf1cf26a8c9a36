import type { DeadLetter as Policy } from '@cannectors/config';
import { isFault, type Log } from '@cannectors/core';
import type { DeadLetter, DeadLetterStore } from '@cannectors/core/run';
import type { Scrub } from '../scrub.ts';
import { fileNameOf, type StateFolder } from '../state/state-folder.ts';
import { makeFolder } from '../whole-file.ts';
import { type Entry, entryOf } from './entry.ts';
import { deadLettersFull, deadLettersUnwritable } from './faults.ts';
import { type Parted, parted, truncated } from './payload.ts';
import { queue, type Queue } from './queue.ts';
import { ending } from './read-dead-letters.ts';

/** Keeps the dead letters of a pipeline while it runs. */
export interface DeadLetters extends DeadLetterStore {
  /** Makes ready what has to be ready before records are read. */
  open(signal: AbortSignal): Promise<void>;
  /** May be called twice, and without `open`. */
  close(): Promise<void>;
}

export interface DeadLetterFileOptions {
  readonly pipeline: string;
  readonly place: StateFolder;
  readonly policy: Omit<Policy, 'target'>;
  readonly log: Log;
  readonly scrub: Scrub;
  readonly now?: () => Date;
  /** How often entries that are too old are looked for. */
  readonly expiryMs?: number;
}

/**
 * Keeps dead letters in `<name>.dead-letters.ndjson`, one line for each failure; lines of one id are
 * one entry. What is stored is on disk before its batch counts as delivered.
 *
 * @see spec/runtime/dlq.md
 */
export function deadLetterFile(options: DeadLetterFileOptions): DeadLetters {
  const {
    pipeline,
    place,
    policy,
    log,
    scrub,
    now = () => new Date(),
    expiryMs = 60_000,
  } = options;
  const file = place.file(ending);
  const payloadFolder = `${fileNameOf(pipeline)}.dead-letters`;
  const entries = queue(file, place.file('.dead-letters'));
  const inTurn = turns();
  let alarm: Alarm = 'silent';
  let timer: NodeJS.Timeout | undefined;

  const refresh = async (): Promise<void> => {
    const bytes = await entries.refresh();
    if (bytes > 0) log.warn('torn dead letter removed', { file, bytes });
  };

  const expire = async (): Promise<void> => {
    await refresh();
    const oldest = now().getTime() - policy.maxAgeSecs * 1000;
    const old = [...entries.kept].filter(([, { lastFailedAt }]) => lastFailedAt < oldest);
    if (policy.maxAgeSecs === 0 || old.length === 0) return;
    await entries.remove(old.map(([id]) => id));
    await entries.compact();
    log.info('dead letters expired', { count: old.length });
  };

  const write = async (letters: readonly DeadLetter[]): Promise<void> => {
    await makeFolder(place.folder);
    let seq = entries.seq();
    const made = letters.map((letter) => {
      const frame = { pipeline, seq: ++seq, now: now(), scrub };
      return fitted(entryOf(letter, frame), policy, payloadFolder);
    });
    await entries.append(made);
    const excess = [...entries.kept.keys()].slice(
      0,
      Math.max(0, entries.kept.size - policy.maxEntries),
    );
    if (excess.length === 0) return;
    log.warn('dead letters evicted', { count: excess.length });
    await entries.remove(excess);
  };

  const sayHowFull = (): void => {
    const ratio = entries.kept.size / policy.maxEntries;
    const now: Alarm = ratio >= 0.95 ? 'error' : ratio >= 0.8 ? 'warn' : 'silent';
    if (now !== 'silent' && now !== alarm && alarm !== 'error') {
      log[now]('dead letters are filling up', {
        entries: entries.kept.size,
        max_entries: policy.maxEntries,
        saturation_ratio: ratio,
      });
    }
    alarm = now;
  };

  /** One task at a time has the file. What goes wrong with it is a fault of this store. */
  const alone = (task: () => Promise<void>): Promise<void> =>
    inTurn(task).catch((error: unknown) => {
      throw isFault(error) ? error : deadLettersUnwritable(file, error);
    });

  return {
    async open() {
      await alone(expire);
      const again = (): void => {
        alone(expire).catch((error: unknown) =>
          log.warn('dead letters are not cleaned up', { error: String(error) }),
        );
      };
      timer ??= setInterval(again, expiryMs).unref();
    },
    store: (letters) =>
      alone(async () => {
        await refresh();
        const accepted = admitted(letters, entries, { policy, file, log });
        if (accepted.length > 0) await write(accepted);
        sayHowFull();
      }),
    close: async () => {
      clearInterval(timer);
      timer = undefined;
      await inTurn(() => Promise.resolve());
    },
  };
}

type Alarm = 'silent' | 'warn' | 'error';

/**
 * The letters that are kept, as `overflowPolicy` says.
 *
 * @throws `dead-letter.full` under `block` and `fail`
 */
function admitted(
  letters: readonly DeadLetter[],
  { kept }: Queue,
  { policy, file, log }: Pick<DeadLetterFileOptions, 'policy' | 'log'> & { readonly file: string },
): readonly DeadLetter[] {
  const { maxEntries, overflowPolicy } = policy;
  const fresh = new Set(letters.map(({ id }) => id).filter((id) => !kept.has(id)));
  const room = Math.max(0, maxEntries - kept.size);
  if (fresh.size <= room || overflowPolicy === 'drop_oldest') return letters;
  if (overflowPolicy !== 'reject') {
    throw deadLettersFull(file, maxEntries, overflowPolicy === 'block');
  }
  const refused = new Set([...fresh].slice(room));
  log.error('dead letters rejected', { count: refused.size, max_entries: maxEntries });
  return letters.filter(({ id }) => !refused.has(id));
}

function fitted(
  entry: Entry,
  policy: DeadLetterFileOptions['policy'],
  folder: string,
): Entry | Parted {
  const { maxEventBytes, truncate } = policy;
  return truncate
    ? truncated(entry, maxEventBytes)
    : (parted(entry, maxEventBytes, folder) ?? entry);
}

/** Lets tasks follow each other, whether they succeed or not. */
function turns(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}
