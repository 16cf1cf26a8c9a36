import type { Context, Json } from '@cannectors/core';
import { type Bound, compileStatement, type Driver } from '@cannectors/kit-sql';
import type { Config } from './config.ts';
import { cursorUnused, openEnd } from './faults.ts';
import type { PageVariables } from './pages.ts';

/** The query of an input, which may be asked for page by page. */
export interface Query {
  readonly stateNames: ReadonlySet<string>;
  bind(driver: Driver, state: Readonly<Record<string, Json>>, page: PageVariables): Bound;
}

/**
 * Compiles the query. `limit-offset` without a parameter of `pagination` gets `LIMIT` and `OFFSET`
 * behind it.
 *
 * @param implied values of `$1` and `$2` of a query without `parameters`
 * @throws `database.cursor-unused`, `database.open-end`, and what `compileStatement` throws
 */
export function queryOf(config: Config, context: Context, implied: readonly string[]): Query {
  const { pagination } = config;
  const statement = compileStatement(config, context, { implied });
  const isPlaced = statement.parameterNames.has('pagination');
  if (pagination?.type === 'cursor' && !isPlaced) throw cursorUnused();
  const isAppended = pagination?.type === 'limit-offset' && !isPlaced;
  if (isAppended && statement.ending !== undefined) throw openEnd(statement.ending);

  return {
    stateNames: statement.stateNames,
    bind(driver, state, page) {
      const bound = statement.bind(driver, { record: {}, state, pagination: page });
      if (!isAppended) return bound;
      return { ...bound, text: `${bound.text} LIMIT ${page.limit} OFFSET ${page.offset}` };
    },
  };
}
