import type { IncomingHeaders, Received } from './exchange.ts';

/** An answer. */
export interface HttpResponse {
  readonly status: number;
  /** What the server wrote behind the status; may be empty. */
  readonly statusText: string;
  /** Names in lower case; a header that was sent several times has a list. */
  readonly headers: IncomingHeaders;
  /** Size of what was read of the body. */
  readonly bytes: number;
  /** The body as UTF-8, without a byte order mark. */
  text(): string;
}

/** Makes an answer of what was received. The text is decoded when it is asked for, once. */
export function responseOf({ status, statusText, headers, body }: Received): HttpResponse {
  let text: string | undefined;
  return {
    status,
    statusText,
    headers,
    bytes: body.length,
    text: () => (text ??= body.toString('utf8').replace(/^\uFEFF/, '')),
  };
}
