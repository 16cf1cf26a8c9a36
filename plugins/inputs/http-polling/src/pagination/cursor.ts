import type { Json } from '@cannectors/core';
import { recordPath, textOf } from '@cannectors/kit-record';
import type { Pagination } from '../config.ts';
import { samePage } from '../faults.ts';
import { stepOf, type Walk } from './walk.ts';

/** Each page names the next one, until none is named. An empty page is no end. */
export function byCursor(pagination: Pagination): () => Walk {
  const { param, limitParam, limit, nextCursorField = '' } = pagination;
  const field = recordPath(nextCursorField, '/pagination/nextCursorField');
  // Without both, the source keeps its own page size.
  const size = [limitParam, limit] as const;

  return () => {
    let last = '';
    return {
      first: stepOf(size),
      next({ body }) {
        const cursor = cursorOf(field.get(body));
        if (cursor === '') return undefined;
        if (cursor === last) throw samePage('the cursor');
        last = cursor;
        return stepOf([param, cursor], size);
      },
    };
  };
}

/** Empty: there is no next page. */
function cursorOf(value: Json | undefined): string {
  const isCursor =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  return isCursor ? textOf(value) : '';
}
