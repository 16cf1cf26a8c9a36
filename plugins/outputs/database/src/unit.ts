import type { Session } from '@cannectors/kit-sql';
import { commitFailed, transactionLost } from './faults.ts';

/** A part of the work that is kept or undone as a whole: a transaction, or a savepoint inside of one. */
export interface Unit {
  begin(signal: AbortSignal): Promise<void>;
  keep(signal: AbortSignal): Promise<void>;
  /** Also runs when the work was aborted, so it has no signal; `timeoutMs` bounds it. */
  undo(): Promise<void>;
}

/** A transaction. One that cannot be rolled back ends with its connection, which is as good. */
export function transaction(session: Session): Unit {
  return {
    begin: (signal) => session.command('BEGIN', signal),
    keep: (signal) => session.command('COMMIT', signal),
    undo: () => session.command('ROLLBACK', unhurried()).catch(() => undefined),
  };
}

/** A savepoint. Its `undo` throws when the transaction around it is gone. */
export function savepoint(session: Session, name: string): Unit {
  return {
    begin: (signal) => session.command(`SAVEPOINT ${name}`, signal),
    keep: (signal) => session.command(`RELEASE SAVEPOINT ${name}`, signal),
    async undo() {
      await session.command(`ROLLBACK TO SAVEPOINT ${name}`, unhurried());
      await session.command(`RELEASE SAVEPOINT ${name}`, unhurried());
    },
  };
}

/**
 * Does work inside a unit, and keeps it if the work says so. What throws is undone.
 *
 * @throws `database.commit-failed` when it cannot be kept, `database.transaction-lost` when it
 *   cannot be undone
 */
export async function inUnit(
  unit: Unit,
  signal: AbortSignal,
  work: () => Promise<'keep' | 'undo'>,
): Promise<void> {
  await unit.begin(signal);
  try {
    if ((await work()) === 'keep') return await keep(unit, signal);
  } catch (error) {
    await undo(unit, error);
    throw error;
  }
  await undo(unit);
}

/** Keeps what a unit has done. @throws `database.commit-failed` */
export async function keep(unit: Unit, signal: AbortSignal): Promise<void> {
  try {
    await unit.keep(signal);
  } catch (error) {
    throw signal.aborted ? error : commitFailed(error);
  }
}

async function undo(unit: Unit, reason?: unknown): Promise<void> {
  try {
    await unit.undo();
  } catch (error) {
    throw transactionLost(reason ?? error);
  }
}

function unhurried(): AbortSignal {
  return new AbortController().signal;
}
