import type { JsonRecord } from '@cannectors/core';
import type { ApiAnswer, ApiRequest } from './example-api.ts';

const ways = ['page', 'offset', 'cursor', 'link'] as const;
type Way = (typeof ways)[number];
const defaultLimit = 25;

/** Tells whether a word of a path is a way of paging. */
export function isPaging(word: string): word is Way {
  return (ways as readonly string[]).includes(word);
}

/**
 * One page of a collection. Parameters are `limit` (25) and
 *
 * - `page` from 1; the answer has `total_pages`
 * - `offset` from 0; the answer has `total`
 * - `cursor`; the answer has `next_cursor`, null at the end
 * - `link`: a `Link` header with `rel="next"`, and `next` in the body
 *
 * Without a way of paging the whole collection is one page. Records stand under `data`.
 */
export function page(
  way: Way | undefined,
  name: string,
  collection: readonly JsonRecord[],
  { path, query }: ApiRequest,
): ApiAnswer {
  const records = collection.filter((record) => isNew(record, query));
  if (way === undefined) return { body: { data: records } };
  const limit = Number(query['limit'] ?? defaultLimit);
  const from = {
    page: (Number(query['page'] ?? 1) - 1) * limit,
    offset: Number(query['offset'] ?? 0),
  };
  const start = way === 'page' || way === 'offset' ? from[way] : positionOf(query['cursor']);
  const data = records.slice(start, start + limit);
  const next = start + limit < records.length ? `${name}-${start + limit}` : null;

  if (way === 'page') return { body: { data, total_pages: Math.ceil(records.length / limit) } };
  if (way === 'offset') return { body: { data, total: records.length } };
  if (way === 'cursor') return { body: { data, next_cursor: next } };
  const again = new URLSearchParams({ ...query, cursor: next ?? '' }).toString();
  const rest = next === null ? null : `${path}?${again}`;
  const headers = rest === null ? {} : { link: `<${rest}>; rel="next"` };
  return { headers, body: { data, next: rest } };
}

/** A cursor names the collection and a position, so that nobody counts with it. */
function positionOf(cursor: string | undefined): number {
  return Number(/-(\d+)$/.exec(cursor ?? '')?.[1] ?? 0);
}

function isNew(record: JsonRecord, query: ApiRequest['query']): boolean {
  const { after_id: afterId, updated_after: updatedAfter } = query;
  if (afterId !== undefined && afterId !== '' && Number(record['id']) <= Number(afterId)) {
    return false;
  }
  if (updatedAfter === undefined || updatedAfter === '') return true;
  const { updatedAt } = record;
  return typeof updatedAt === 'string' && Date.parse(updatedAt) > Date.parse(updatedAfter);
}
