import process from 'node:process';
import { around, checkServer, type DatabasePlace, freshName, type Run } from './place.ts';

const variable = 'CANNECTORS_TEST_POSTGRES';

/** A schema of its own, which the connection string names as search path. */
export async function postgresPlace(): Promise<DatabasePlace> {
  const server = process.env[variable] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
  await checkServer(run, server, variable);

  const name = freshName();
  const address = new URL(server);
  address.searchParams.set('options', `-csearch_path=${name}`);
  const connectionString = address.href;
  around(
    () => run(server, [`CREATE SCHEMA ${name}`]),
    () => run(server, [`DROP SCHEMA IF EXISTS ${name} CASCADE`]),
  );
  return {
    driver: 'postgres',
    connectionString,
    query: (...statements) => run(connectionString, statements),
  };
}

const run: Run = async (connectionString, statements) => {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString, types: { getTypeParser: parserOf } });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
};

/** bool, int2, int4, float4 and float8 as JavaScript has them, everything else as text. */
function parserOf(oid: number): (text: string) => unknown {
  if (oid === 16) return (text) => text === 't';
  return [21, 23, 700, 701].includes(oid) ? Number : (text) => text;
}
