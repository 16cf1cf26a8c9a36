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
