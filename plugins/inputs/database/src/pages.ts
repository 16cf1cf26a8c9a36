import type { Json, JsonRecord } from '@cannectors/core';
import type { Pagination } from './config.ts';
import { noNextPage } from './faults.ts';

/** What a query can refer to as `pagination`. */
export interface PageVariables extends JsonRecord {
  limit: number | null;
  offset: number;
  cursor: Json;
}

/** The pages of one fetch: one query each. */
export interface Pages {
  /** Those of the page that is read now. */
  readonly variables: PageVariables;
  /** Looks at rows of this page, before anything changes them. */
  observe(records: readonly JsonRecord[]): void;
  /** Goes on to the next page. False: the last one was not full. */
  next(): boolean;
}

/**
 * Begins a fetch.
 *
 * @param offset rows that lie behind, for `limit-offset`
 * @see spec/connectors/database.md, section 3
 */
export function pagesFrom(offset: number, pagination: Pagination | undefined): Pages {
  const { type, limit = null, cursorField = '' } = pagination ?? {};
  let variables: PageVariables = { limit, offset, cursor: null };
  let rows = 0;
  let cursor: Json | undefined = null;

  return {
    get variables() {
      return variables;
    },
    observe(records) {
      rows += records.length;
      const last = records.at(-1);
      if (type !== 'cursor' || last === undefined) return;
      cursor = last[cursorField];
      if (cursor === undefined) throw noNextPage(cursorField, 'missing');
    },
    next() {
      if (limit === null || rows < limit) return false;
      if (type === 'cursor') {
        if (cursor === null || cursor === undefined) throw noNextPage(cursorField, 'null');
        if (cursor === variables.cursor) throw noNextPage(cursorField, 'unchanged');
      }
      variables = { limit, offset: variables.offset + rows, cursor: cursor ?? null };
      rows = 0;
      return true;
    },
  };
}
