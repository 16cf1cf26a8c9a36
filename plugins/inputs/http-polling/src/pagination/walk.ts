import type { JsonRecord } from '@cannectors/core';
import type { IncomingHeaders } from '@cannectors/kit-http';

/** What is asked for: query parameters of the endpoint, or another URL altogether. */
export type Step = { readonly parameters: ReadonlyMap<string, string> } | { readonly url: string };

/** A page that was fetched. */
export interface Page {
  /** Of a page that is a list: an empty object. */
  readonly body: JsonRecord;
  /** Number of records in it. */
  readonly count: number;
  readonly headers: IncomingHeaders;
  /** Where it was: complete, not for messages. */
  readonly url: string;
}

/** A way from page to page, for one fetch. */
export interface Walk {
  readonly first: Step;
  /**
   * Looks at a page and says where the next one is; `undefined`: it was the last.
   *
   * @throws `http-polling.same-page`, `http-polling.bad-link`
   */
  next(page: Page): Step | undefined;
  /** Where a run that continues after the last page begins, if it counts records. */
  readonly offset?: number;
}

/** Query parameters of a step; those without a value are left out. */
export function stepOf(
  ...parameters: (readonly [string | undefined, string | number | undefined])[]
): Step {
  const given = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (name !== undefined && value !== undefined) given.set(name, String(value));
  }
  return { parameters: given };
}
