import { type Context, type Fault, faultOf, isFault } from '@cannectors/core';
import { type Bound, compileStatement, type Driver, type Session } from '@cannectors/kit-sql';
import type { Config } from './config.ts';
import type { Form, FormBatch } from './form.ts';
import { previewStatements } from './preview-statements.ts';
import { inUnit } from './unit.ts';

/** The statements of a batch, and the place in the batch of each. */
interface Built {
  readonly statements: Bound[];
  readonly places: number[];
}

/**
 * Writes with a statement of the user, once for each record.
 *
 * @throws `sql.*`, `template.*`, `expression.*`
 * @see spec/connectors/database.md, section 5
 */
export function statements(config: Config, context: Context, driverOf: () => Driver): Form {
  const statement = compileStatement(config, context);

  return {
    isTransaction: config.transaction,
    concurrent: 'deliveries',

    async write(batch, session, unit, signal) {
      const built = build(batch);
      const onFailure = batch.failFast ? 'stop' : 'continue';
      if (!config.transaction) {
        report(await session.run(built.statements, onFailure, signal), 0, built, batch);
        return;
      }
      // The records before it would be rolled back with it.
      if (batch.hasFailed()) return;
      await inUnit(unit, signal, async () => {
        const run = config.savepoints && !batch.failFast ? runWithSavepoints : runTogether;
        await run(batch, built, session, signal);
        return batch.hasFailed() ? 'undo' : 'keep';
      });
    },

    preview: (items, address) => previewStatements(items, address, statement, config.transaction),
  };

  function build({ items, failFast, lost }: FormBatch): Built {
    const driver = driverOf();
    const built: Built = { statements: [], places: [] };
    for (let index = 0; index < items.length; index++) {
      try {
        built.statements.push(statement.bind(driver, { record: items[index]?.record ?? {} }));
        built.places.push(index);
      } catch (error) {
        lost({ index, fault: faultOf(error, 'OUTPUT_FAILED'), step: 'build' });
        if (failFast) break;
      }
    }
    return built;
  }
}

/** Statements that are handed to a transaction at once. */
const chunk = 1000;

/**
 * Runs statements in a transaction. A failed one ends the batch, or is passed over; whether the later
 * ones can run then is up to the database.
 */
async function runTogether(
  batch: FormBatch,
  built: Built,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { statements } = built;
  for (let next = 0; next < statements.length && !batch.hasFailed();) {
    const results = await session.run(statements.slice(next, next + chunk), 'stop', signal);
    if (!batch.failFast) checkAlive(results);
    report(results, next, built, batch);
    next += results.length;
  }
}

async function runWithSavepoints(
  batch: FormBatch,
  built: Built,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const results = await session.run(built.statements, 'savepoint', signal);
  checkAlive(results);
  report(results, 0, built, batch);
}

/**
 * After a deadlock, a time-out or a lost connection nobody knows what is left of a transaction: it ends,
 * and what comes later is not run outside of it.
 */
function checkAlive(results: readonly (number | Error)[]): void {
  const ends = results.find((result) => isFault(result) && result.retry !== false) as
    | Fault
    | undefined;
  if (ends !== undefined) throw ends;
}

/** @param first position of the statement that the first result is of */
function report(
  results: readonly (number | Error)[],
  first: number,
  { places }: Built,
  { lost }: FormBatch,
): void {
  for (let position = 0; position < results.length; position++) {
    const result = results[position];
    if (typeof result === 'number') continue;
    const index = places[first + position] ?? 0;
    lost({ index, fault: faultOf(result, 'OUTPUT_FAILED'), step: 'write' });
  }
}
