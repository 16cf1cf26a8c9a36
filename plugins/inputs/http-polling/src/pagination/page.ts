import { type RecordPath, recordPath } from '@cannectors/kit-record';
import type { Pagination } from '../config.ts';
import { stepOf, type Walk } from './walk.ts';

/** Pages with numbers: 1, 2, 3, until the number that the response gives, or an empty page. */
export function byPage({ param, limitParam, limit, totalPagesField = '' }: Pagination): () => Walk {
  const total = recordPath(totalPagesField, '/pagination/totalPagesField');
  const size = [limitParam, limit] as const;

  return () => {
    let page = 1;
    return {
      first: stepOf([param, page], size),
      next({ body, count }) {
        const pages = numberAt(total, body);
        if (count === 0 || (pages > 0 && page >= pages)) return undefined;
        page++;
        return stepOf([param, page], size);
      },
    };
  };
}

/** A total; 0: unknown. A text is none, even if it is made of digits. */
export function numberAt(path: RecordPath, body: Parameters<RecordPath['get']>[0]): number {
  const value = path.get(body);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;
}
