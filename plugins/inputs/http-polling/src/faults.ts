import { Fault } from '@cannectors/core';

/** A response is not JSON, or is JSON of another shape than records can come in. */
export function notJson(reason: string): Fault {
  return new Fault('http-polling.not-json', `failed to parse JSON response: ${reason}`, {
    category: 'validation',
  });
}

/** The list of records is not where `dataField` says, or nothing says where it is. */
export function noData(reason: string): Fault {
  return new Fault('http-polling.no-data', `dataField not found or invalid: ${reason}`, {
    category: 'validation',
    pointer: '/dataField',
  });
}

/** A source gives the same cursor or link again and again, so that the fetch would never end. */
export function samePage(what: string): Fault {
  return new Fault(
    'http-polling.same-page',
    `The response leads to its own page again by ${what}.`,
    {
      category: 'validation',
      hint: 'Check the pagination of the source.',
      pointer: '/pagination',
    },
  );
}

/** What should be the URL of the next page is none, or leads where the pipeline may not go. */
export function badLink(link: string, reason: string): Fault {
  return new Fault('http-polling.bad-link', `The link to the next page, \`${link}\`, ${reason}.`, {
    category: 'validation',
    hint: 'List the host in `allowedHosts` if the pages of the source lie there.',
    pointer: '/pagination',
  });
}
