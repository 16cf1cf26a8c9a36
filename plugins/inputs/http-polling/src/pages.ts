import type { HttpClient } from '@cannectors/kit-http';
import type { Pagination } from './config.ts';
import { byCursor } from './pagination/cursor.ts';
import { byLink } from './pagination/link.ts';
import { byOffset } from './pagination/offset.ts';
import { byPage } from './pagination/page.ts';
import { stepOf, type Walk } from './pagination/walk.ts';

/** Begins to go through the pages of a source, at a record where they are counted by records. */
export type Pages = (start: number) => Walk;

/** Picks the way through the pages. Without pagination there is one. */
export function pages(pagination: Pagination | undefined, client: HttpClient): Pages {
  switch (pagination?.type) {
    case undefined:
      return () => ({ first: stepOf(), next: () => undefined });
    case 'page':
      return byPage(pagination);
    case 'offset':
      return byOffset(pagination);
    case 'cursor':
      return byCursor(pagination);
    case 'link':
      return byLink(pagination, client);
  }
}
