import { recordPath } from '@cannectors/kit-record';
import type { Pagination } from '../config.ts';
import { numberAt } from './page.ts';
import { stepOf, type Walk } from './walk.ts';

/**
 * Pages that begin at a record: 0, 100, 200, until the total that the response gives, an empty page
 * or one with fewer records than were asked for.
 */
export function byOffset(pagination: Pagination): (start: number) => Walk {
  const { param, limitParam, limit = 100, totalField = '' } = pagination;
  const total = recordPath(totalField, '/pagination/totalField');

  return (start) => {
    let position = start;
    /** Where a later run goes on: behind what a last, incomplete page brought. */
    let offset = start;
    return {
      first: stepOf([param, position], [limitParam, limit]),
      next({ body, count }) {
        offset = position + Math.min(count, limit);
        position += limit;
        const records = numberAt(total, body);
        if (count < limit || (records > 0 && offset >= records)) return undefined;
        return stepOf([param, position], [limitParam, limit]);
      },
      get offset() {
        return offset;
      },
    };
  };
}
