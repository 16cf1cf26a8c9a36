import { type Category, Fault, isFault } from '@cannectors/core';
import { safeUrl } from './url.ts';

/** What an endpoint, a link or a redirect leads to is no absolute http or https address. */
export function badUrl(url: string, reason: string, pointer?: string): Fault {
  // Of what is no URL nobody knows where the password ends.
  const shown = safeUrl(url).replace(/^(https?:\/\/)?.*@/i, '$1');
  return new Fault('http.bad-url', `\`${shown}\` ${reason}.`, {
    category: 'validation',
    hint: 'Write an absolute address, as in `https://api.example.com/orders`.',
    ...(pointer !== undefined && { pointer }),
  });
}

/** A value of a record has made `.` or `..` of a part of the path, which would lead elsewhere. */
export function dotSegment(url: string): Fault {
  return new Fault(
    'http.dot-segment',
    `The path of \`${safeUrl(url)}\` has a part \`.\` or \`..\`.`,
    {
      category: 'validation',
      hint: 'Check the values that the endpoint is made of.',
    },
  );
}

/** The name or the value of a header cannot be sent. */
export function badHeader(name: string, reason: string, pointer?: string): Fault {
  return new Fault('http.bad-header', `The header ${JSON.stringify(name)} ${reason}.`, {
    category: 'validation',
    ...(pointer !== undefined && { pointer }),
  });
}

/** An entry of `allowedHosts` is not a host. */
export function badHost(entry: string, pointer: string): Fault {
  return new Fault('http.bad-host', `\`${entry}\` is not a host with or without a port.`, {
    category: 'validation',
    hint: 'Write a host name, as in `api.example.com` or `api.example.com:8443`.',
    pointer,
  });
}

/** Data, a link or a redirect leads to an address that is not public. */
export function blockedAddress(host: string, address: string): Fault {
  const place = host === address ? `\`${host}\`` : `\`${host}\` (${address})`;
  return new Fault('http.blocked-address', `${place} is not a public address.`, {
    category: 'validation',
    hint: 'List the host in `allowedHosts` if data, links and redirects may lead there.',
  });
}

/** A redirect leads from https to http. */
export function insecureRedirect(url: string): Fault {
  return new Fault(
    'http.insecure-redirect',
    `A redirect leads from https to \`${safeUrl(url)}\`.`,
    {
      category: 'validation',
      hint: 'List the host in `allowedHosts` if that is intended.',
    },
  );
}

/** A server answers with one redirect after the other. */
export function tooManyRedirects(limit: number): Fault {
  return new Fault(
    'http.too-many-redirects',
    `The request was redirected more than ${limit} times.`,
    {
      category: 'validation',
    },
  );
}

/** An attempt took longer than `timeoutMs`, reading the response included. */
export function timedOut(): Fault {
  return new Fault('http.timeout', 'network error: request timeout', {
    category: 'network',
    hint: 'Raise `timeoutMs` if the server is slow.',
  });
}

/** The run was cancelled while a request was on its way. */
export function cancelled(reason: unknown): Fault {
  return new Fault('http.cancelled', 'network error: request cancelled', {
    category: 'network',
    retry: false,
    cause: reason,
  });
}

/** The certificate of a server is not to be trusted: unknown issuer, expired, wrong host. */
export function badCertificate(reason: string, cause: unknown): Fault {
  return new Fault('http.certificate', `network error: failed to verify certificate: ${reason}`, {
    category: 'network',
    hint: 'Name the file of your own authority in the environment variable NODE_EXTRA_CA_CERTS.',
    cause,
  });
}

/** A server is not there, closed the connection, or what it answers is not HTTP. */
export function unreachable(reason: string, cause: unknown): Fault {
  return new Fault('http.network', `network error: ${reason}`, { category: 'network', cause });
}

/** The body of a response breaks off or cannot be decoded. */
export function brokenBody(reason: string, cause: unknown): Fault {
  return unreachable(`reading response body: ${reason}`, cause);
}

/** A request cannot be written as HTTP. */
export function badRequest(cause: Error): Fault {
  return new Fault('http.bad-request', `The request cannot be sent: ${cause.message}.`, {
    category: 'validation',
    cause,
  });
}

/** The body of a response is larger than `maxPageBytes`. It is never cut. */
export function pageTooLarge(limit: number): Fault {
  return new Fault(
    'http.page-too-large',
    `The response body is larger than the ${limit} bytes of \`maxPageBytes\`.`,
    {
      category: 'validation',
      hint: 'Ask for smaller pages, or raise `maxPageBytes`.',
      pointer: '/maxPageBytes',
    },
  );
}

/** What went wrong with an answer: its status, and what is known of the request. */
export interface Answer {
  readonly status: number;
  readonly method: string;
  /** Without query and credentials. */
  readonly endpoint: string;
  readonly text: string;
}

/** A server answered with a status that is no success. */
export function badStatus(
  { status, method, endpoint, text }: Answer,
  retry: boolean | number,
  details: Readonly<Record<string, string>> = {},
): Fault {
  const category = categoryOf(status);
  const kind = category.replace('_', ' ');
  return new Fault('http.status', `${kind} error (status ${status}): ${text}`, {
    category,
    retry,
    statusCode: status,
    details: { method, endpoint, ...details },
  });
}

/** The category of an HTTP status. */
export function categoryOf(status: number): Category {
  if (status === 401 || status === 403) return 'authentication';
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limit';
  if (status >= 500) return 'server';
  return status >= 400 ? 'validation' : 'unknown';
}

/** No access token could be had: the token endpoint is not there, or its answer cannot be used. */
export function noToken(cause: unknown): Fault {
  const inner = isFault(cause) ? cause : undefined;
  const reason = inner?.message ?? String(cause);
  return new Fault('http.no-token', `failed to obtain OAuth2 access token: ${reason}`, {
    category: inner?.category ?? 'authentication',
    retry: inner?.retry ?? false,
    ...(inner !== undefined && { cause: inner }),
  });
}

/** The token endpoint answered with something else than 200. */
export function tokenRefused(status: number, statusText: string): Fault {
  return new Fault(
    'http.no-token',
    `failed to obtain OAuth2 access token: the token endpoint answered ${status} ${statusText}`.trim(),
    {
      category: categoryOf(status),
      hint: 'Check `tokenUrl`, `clientId` and `clientSecret`.',
      retry: status === 429 || status >= 500,
      statusCode: status,
    },
  );
}

/** `bodyTemplateFile` cannot be read. */
export function noBodyFile(file: string, cause: unknown, pointer: string): Fault {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new Fault('http.no-body-file', `The file \`${file}\` cannot be read (${reason}).`, {
    category: 'validation',
    hint: 'Put it beside the pipeline file, or correct the name.',
    pointer,
    cause,
  });
}

/** The success rule of a module refused an answer. It is not repeated. */
export function rejected(answer: Answer, details: Readonly<Record<string, string>>): Fault {
  const { message, category, statusCode, details: known } = badStatus(answer, false, details);
  return new Fault('http.rejected', message, {
    category,
    retry: false,
    statusCode: statusCode ?? answer.status,
    details: known,
  });
}

/** An answer with a status of success asks in its body to be asked again (`retryHintFromBody`). */
export function retryAsked({ status, method, endpoint, text }: Answer): Fault {
  const message = `server error (status ${status}): the response asks for a retry (${text})`;
  return new Fault('http.retry-asked', message, {
    category: 'server',
    retry: true,
    statusCode: status,
    details: { method, endpoint },
  });
}

/** A server refuses even a new OAuth2 token. */
export function tokenInvalid(answer: Answer): Fault {
  const text = 'OAuth2 credentials appear invalid after token refresh';
  const { message, category, details } = badStatus({ ...answer, text }, false);
  return new Fault('http.token-invalid', message, {
    category,
    hint: 'Check `clientId`, `clientSecret` and `scope`.',
    retry: false,
    statusCode: answer.status,
    details,
  });
}
