// Places in real databases, for tests. Behind a door of its own, because not every plugin has the drivers.
import process from 'node:process';
import { describe, it } from 'vitest';
import { mysqlPlace } from './databases/mysql.ts';
import { type DatabasePlace, Unreachable } from './databases/place.ts';
import { postgresPlace } from './databases/postgres.ts';
import { sqlitePlace } from './databases/sqlite.ts';

export type { DatabasePlace } from './databases/place.ts';

const places: Readonly<
  Record<DatabasePlace['driver'], () => DatabasePlace | Promise<DatabasePlace>>
> = {
  postgres: postgresPlace,
  mysql: mysqlPlace,
  sqlite: sqlitePlace,
};

/**
 * Describes tests on a database, in an empty place of their own: a schema of PostgreSQL, a database of
 * MariaDB or MySQL, a file of SQLite. The place is there before the first `beforeAll` of the tests
 * and is dropped after the last of them, whatever happened.
 *
 * The servers are those of `CANNECTORS_TEST_POSTGRES` and `CANNECTORS_TEST_MYSQL`, by default
 * `postgres://postgres@127.0.0.1:5432/postgres` and `mysql://root@127.0.0.1:3306`. The tests of a
 * server that does not answer are skipped under a name that says so; with `CI=true` they fail.
 */
export function describeDatabase(
  driver: DatabasePlace['driver'],
  tests: (place: DatabasePlace) => void,
): void {
  describe(driver, async () => {
    try {
      tests(await places[driver]());
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      it(`NOT TESTED: ${error.message}`, ({ skip }) => {
        if (process.env['CI'] === 'true') throw error;
        skip(error.message);
      });
    }
  });
}
