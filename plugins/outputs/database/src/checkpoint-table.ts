import { isFault, type JsonRecord, type KeptCheckpoint } from '@cannectors/core';
import { jsonText, parseJson, textOf } from '@cannectors/kit-record';
import {
  type Bound,
  compileStatement,
  type Driver,
  quotedTable,
  type Session,
} from '@cannectors/kit-sql';
import { badCheckpoint } from './faults.ts';

/** The table that holds the checkpoint of each pipeline, as JSON text: whole numbers keep every digit. */
export interface CheckpointTable {
  /** The checkpoint of the pipeline. Makes the table if it is missing. @throws `database.bad-checkpoint` */
  load(session: Session, signal: AbortSignal): Promise<KeptCheckpoint | undefined>;
  /** Replaces it, inside of the transaction that is open. */
  save(kept: KeptCheckpoint, session: Session, signal: AbortSignal): Promise<void>;
}

const columns = ['pipeline', 'checkpoint', 'previous'].map((name) => ({
  name,
  type: 'text' as const,
  nullable: false,
}));

/** @param driverOf asked when the database is open */
export function checkpointTable(
  table: string,
  pipeline: string,
  driverOf: () => Driver,
): CheckpointTable {
  const read = async (session: Session, signal: AbortSignal): Promise<JsonRecord | undefined> => {
    const statement = bound(select, table, driverOf(), { pipeline });
    const { records } = await session.rows(statement, signal);
    return records[0];
  };

  return {
    async load(session, signal) {
      try {
        const row = await read(session, signal);
        return row && keptIn(row, table);
      } catch (error) {
        if (!isFault(error) || error.code !== 'sql.no-table') throw error;
        await session.createTable(table, columns, ['pipeline'], signal);
        return undefined;
      }
    },

    async save({ checkpoint, previous }, session, signal) {
      const values = {
        pipeline,
        checkpoint: jsonText(checkpoint),
        previous: jsonText(previous),
      };
      const run = async (statement: Words): Promise<number> => {
        const one = bound(statement, table, driverOf(), values);
        const [changed = 0] = await session.run([one], 'stop', signal);
        if (typeof changed !== 'number') throw changed;
        return changed;
      };
      if ((await run(update)) === 0) await run(insert);
    },
  };
}

/** A statement that all databases read, but for the quotes and the placeholders. */
type Words = readonly [text: (table: string) => string, ...values: string[]];

const select: Words = [
  (table) => `SELECT checkpoint, previous FROM ${table} WHERE pipeline = $1`,
  'pipeline',
];
const update: Words = [
  (table) => `UPDATE ${table} SET checkpoint = $1, previous = $2 WHERE pipeline = $3`,
  'checkpoint',
  'previous',
  'pipeline',
];
const insert: Words = [
  (table) => `INSERT INTO ${table} (pipeline, checkpoint, previous) VALUES ($1, $2, $3)`,
  'pipeline',
  'checkpoint',
  'previous',
];

function bound([text, ...names]: Words, table: string, driver: Driver, record: JsonRecord): Bound {
  const query = text(quotedTable(table, driver));
  const parameters = names.map((name) => `record.${name}`);
  const files = { file: (path: string) => path };
  return compileStatement({ query, parameters, driver }, files).bind(driver, { record });
}

function keptIn({ checkpoint, previous }: JsonRecord, table: string): KeptCheckpoint {
  try {
    return { checkpoint: parseJson(textOf(checkpoint)), previous: parseJson(textOf(previous)) };
  } catch (error) {
    throw badCheckpoint(table, error);
  }
}
