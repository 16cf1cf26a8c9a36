import type { Json } from '@cannectors/core';
import { type HttpClient, isSameHost, safeUrl, type Target, targetOf } from '@cannectors/kit-http';
import { recordPath } from '@cannectors/kit-record';
import type { Pagination } from '../config.ts';
import { badLink, samePage } from '../faults.ts';
import { nextLink } from './link-header.ts';
import { stepOf, type Page, type Walk } from './walk.ts';

/**
 * Each page links to the next one, in its body or in a header; the body comes first.
 *
 * @see spec/connectors/roadmap.md, section 10
 */
export function byLink(pagination: Pagination, client: HttpClient): () => Walk {
  const { nextUrlField, nextUrlHeader } = pagination;
  const field =
    nextUrlField === undefined ? undefined : recordPath(nextUrlField, '/pagination/nextUrlField');
  const header = nextUrlHeader?.toLowerCase();

  return () => {
    let home: Target | undefined;
    let last = '';
    return {
      first: stepOf(),
      next(page) {
        home ??= targetOf(page.url);
        const link = linkOf(page);
        if (link === '') return undefined;
        const url = absolute(link, page.url);
        check(url, home, targetOf(page.url));
        // The address of a page has the API key in it, a link perhaps not.
        if (url === page.url || url === last) throw samePage('a link');
        last = url;
        return { url };
      },
    };
  };

  function linkOf({ body, headers }: Page): string {
    const inBody =
      field && (Object.hasOwn(body, field.source) ? body[field.source] : field.get(body));
    const given = textOfLink(inBody);
    if (given !== '' || header === undefined) return given;
    const values = headers[header] ?? '';
    return header === 'link' ? (nextLink(values) ?? '') : String(values).trim();
  }

  /** Data may lead to other pages of the same server, and nowhere else unless the author says so. */
  function check(url: string, home: Target, from: Target): void {
    const to = targetOf(url);
    if (client.isAllowed(to)) return;
    if (!isSameHost(home, to)) throw badLink(safeUrl(url), 'is on another host');
    if (from.isSecure && !to.isSecure) throw badLink(safeUrl(url), 'steps from https to http');
  }
}

/** Empty: there is no next page. */
function textOfLink(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw badLink(typeof value, 'is not a text');
}

/** An absolute link stays as the source wrote it. */
function absolute(link: string, base: string): string {
  if (/^https?:\/\//i.test(link)) return link;
  if (!URL.canParse(link, base)) throw badLink(safeUrl(link), 'is not a URL');
  return new URL(link, base).href;
}
