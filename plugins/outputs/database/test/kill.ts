import { until } from '@cannectors/testkit';
import type { DatabasePlace } from '@cannectors/testkit/databases';

/** Ends every other connection that works in the place, as an operator would. */
export async function killConnections(place: DatabasePlace, table: string): Promise<void> {
  if (place.driver === 'postgres') {
    await place.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = '${table}'::regclass AND pid <> pg_backend_pid()`,
    );
    return;
  }
  const others = await place.query(
    'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
  );
  await place.query(...others.map(({ id }) => `KILL ${String(id)}`));
}

/** Connections of the place that wait for a lock. */
async function waiting(place: DatabasePlace, table: string): Promise<string[]> {
  const rows =
    place.driver === 'postgres'
      ? await place.query(
          `SELECT DISTINCT pid AS id FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks WHERE relation = '${table}'::regclass)`,
        )
      : await place.query(
          `SELECT id FROM information_schema.processlist JOIN information_schema.innodb_trx ON trx_mysql_thread_id = id WHERE db = DATABASE() AND trx_state = 'LOCK WAIT'`,
        );
  return rows.map(({ id }) => String(id));
}

/** Waits until somebody waits for a lock on the table. */
export async function lockWait(place: DatabasePlace, table: string): Promise<void> {
  await until(async () => (await waiting(place, table)).length > 0, 'a statement waits for a lock');
}

/** Waits until somebody waits for a lock on the table, and ends that connection. */
export async function killWaiting(place: DatabasePlace, table: string): Promise<void> {
  await lockWait(place, table);
  const ids = await waiting(place, table);
  await place.query(
    ...ids.map((id) =>
      place.driver === 'postgres' ? `SELECT pg_terminate_backend(${id})` : `KILL ${id}`,
    ),
  );
}
