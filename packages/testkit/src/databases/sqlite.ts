import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { around, type DatabasePlace, freshName, type Run } from './place.ts';

/** A file of its own, in a folder of its own. */
export function sqlitePlace(): DatabasePlace {
  const folder = path.join(tmpdir(), freshName());
  const file = path.join(folder, 'test.db');
  around(
    () => mkdir(folder),
    () => rm(folder, { recursive: true, force: true }),
  );
  return {
    driver: 'sqlite',
    connectionString: `file:${file}`,
    query: (...statements) => run(file, statements),
  };
}

const run: Run = async (file, statements) => {
  const { DatabaseSync } = await import('node:sqlite');
  using database = new DatabaseSync(file, { timeout: 20_000 });
  let rows: Record<string, unknown>[] = [];
  for (const statement of statements) {
    const made = database.prepare(statement).all();
    rows = made.map((row) => ({ ...row }));
  }
  return rows;
};
