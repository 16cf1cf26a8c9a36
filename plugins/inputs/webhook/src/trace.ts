import type { IncomingHttpHeaders } from 'node:http';

/**
 * What the sender calls the request: `X-Request-Id`, else the trace id of `traceparent` (W3C Trace
 * Context). At most 128 characters of `[A-Za-z0-9._-]`, so that it forges no line of a log.
 *
 * @see spec/connectors/webhook.md, section 7
 */
export function traceOf(headers: IncomingHttpHeaders): string | undefined {
  const given = headers['x-request-id'] ?? traceId(headers['traceparent']);
  if (typeof given !== 'string') return undefined;
  const trace = given.replaceAll(/[^A-Za-z0-9._-]/g, '').slice(0, 128);
  return trace === '' ? undefined : trace;
}

function traceId(parent: string | string[] | undefined): string | undefined {
  if (typeof parent !== 'string') return undefined;
  const [, id] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-/.exec(parent) ?? [];
  return id;
}
