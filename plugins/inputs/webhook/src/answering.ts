import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Json, Outcome } from '@cannectors/core';
import { type Template, template } from '@cannectors/kit-template';
import type { ResponseConfig } from './config.ts';
import { badResponseHeader } from './faults.ts';

/** What an answer may tell of the request. */
export interface RequestFacts {
  /** Parsed anew: filters own what the pipeline got. */
  readonly body: () => Json;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly path: string;
  readonly query: string;
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

/** Makes the answer to an accepted delivery. */
export interface Answering {
  /** It tells of the request, which has to be kept until then. */
  readonly usesRequest: boolean;
  /** The answer that tells of nothing. */
  readonly plain: Answer;
  /** @throws `template.*`, when the template cannot be rendered with these values */
  make(request: RequestFacts, counts: Outcome['counts'] | undefined): Answer;
}

const ok = '{"status":"ok"}';
const json = 'application/json; charset=utf-8';

/**
 * Prepares the answers of an endpoint. Values in a body are escaped for its `Content-Type`.
 *
 * @throws `webhook.bad-header`, `template.*`
 * @see spec/connectors/roadmap.md, section 15
 */
export function answerOf(
  response: ResponseConfig | undefined,
  isQueued: boolean,
  pointer: string,
): Answering {
  const { headers = {}, body } = response ?? {};
  checkHeaders(headers, pointer);
  const given = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type');
  const type = given?.[1] ?? json;
  const statusCode = response?.statusCode ?? (isQueued ? 202 : 200);
  const hasBody = statusCode !== 204 && statusCode !== 205;
  const base = { ...headers, ...(hasBody && given === undefined && { 'Content-Type': json }) };
  const standing = hasBody ? ok : '';
  const withLength = (content: string): Answer => ({
    statusCode,
    headers: hasBody ? { ...base, 'Content-Length': Buffer.byteLength(content) } : base,
    body: content,
  });
  const plain = withLength(standing);
  if (body === undefined || !hasBody) return { usesRequest: false, plain, make: () => plain };

  const compiled = template(body, targetOf(type), `${pointer}/body`);
  return {
    usesRequest: true,
    plain,
    make: (request, counts) => withLength(render(compiled, request, counts)),
  };
}

function render(
  compiled: Template,
  { body, headers, path, query }: RequestFacts,
  counts: Outcome['counts'] | undefined,
): string {
  const request = {
    body: body(),
    headers: headers as Record<string, Json>,
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
  };
  const { written = 0, failed = 0, dropped = 0, deadLettered = 0 } = counts ?? {};
  const result = { accepted: written, skipped: failed, dropped, deadLettered };
  // Names besides `record` are what a loop brings along: the answer is rendered as inside one.
  const record = { record: {}, _metadata: { loop: { delivery: { index: 0 } } }, request, result };
  return compiled.render({ record });
}

/** Characters that mean something in HTML mean the same in XML. */
function targetOf(type: string): 'json' | 'xml' | 'text' {
  if (/^[^;]*\bjson\b/i.test(type)) return 'json';
  return /^[^;]*\b(?:xml|html)\b/i.test(type) ? 'xml' : 'text';
}

function checkHeaders(headers: Readonly<Record<string, string>>, pointer: string): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw badResponseHeader(name, `${pointer}/headers`);
    }
    // The server says itself how long the answer is, and whether the connection stays.
    if (/^(?:content-length|transfer-encoding|connection|keep-alive|upgrade)$/i.test(name)) {
      throw badResponseHeader(name, `${pointer}/headers`);
    }
  }
}
