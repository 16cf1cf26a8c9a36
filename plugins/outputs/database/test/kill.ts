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
  if (place.driver === 'mysql') return await waitingInMysql(place);
  const rows = await place.query(
    `SELECT DISTINCT pid AS id FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks WHERE relation = '${table}'::regclass)`,
  );
  return rows.map(({ id }) => String(id));
}

/** `information_schema.innodb_trx` shows old news to who asks more often than ten times a second. */
async function waitingInMysql(place: DatabasePlace): Promise<string[]> {
  const [engine] = await place.query('SHOW ENGINE INNODB STATUS');
  const transactions = String(engine?.['Status']).split('---TRANSACTION');
  const ids = transactions.flatMap((text) =>
    /^LOCK WAIT /m.test(text) ? (/ thread id (\d+)/.exec(text)?.slice(1) ?? []) : [],
  );
  const own = await place.query(
    'SELECT id FROM information_schema.processlist WHERE db = DATABASE()',
  );
  return own.map(({ id }) => String(id)).filter((id) => ids.includes(id));
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
