import process from 'node:process';
import { around, checkServer, type DatabasePlace, freshName, type Run } from './place.ts';

const variable = 'CANNECTORS_TEST_MYSQL';

/** A database of its own. */
export async function mysqlPlace(): Promise<DatabasePlace> {
  const server = process.env[variable] ?? 'mysql://root@127.0.0.1:3306';
  await checkServer(run, server, variable);

  const name = freshName();
  const address = new URL(server);
  address.pathname = `/${name}`;
  const connectionString = address.href;
  around(
    () => run(server, [`CREATE DATABASE ${name} CHARACTER SET utf8mb4`]),
    () => run(server, [`DROP DATABASE IF EXISTS ${name}`]),
  );
  return {
    driver: 'mysql',
    connectionString,
    query: (...statements) => run(connectionString, statements),
  };
}

const run: Run = async (uri, statements) => {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({
    uri,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  try {
    let result: unknown;
    for (const statement of statements) [result] = await connection.query(statement);
    return Array.isArray(result) ? result.map((row: object) => ({ ...row })) : [];
  } finally {
    await connection.end();
  }
};
