import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { SignatureConfig } from './config.ts';

/** Tells whether a body is signed by who it should be. */
export type SignatureCheck = (headers: IncomingHttpHeaders, body: Buffer) => boolean;

/**
 * Checks HMAC-SHA256 over the bytes of the body, in constant time.
 *
 * The header holds `sha256=<hex>` or `<hex>`; upper-case hex is refused.
 *
 * @see spec/connectors/webhook.md, section 4
 */
export function signatureCheck({ secret, header }: SignatureConfig): SignatureCheck {
  const name = header.toLowerCase();
  return (headers, body) => {
    const given = headers[name];
    if (typeof given !== 'string') return false;
    const [, hex] = /^(?:sha256=)?([0-9a-f]{64})$/.exec(given) ?? [];
    if (hex === undefined) return false;
    const wanted = createHmac('sha256', secret).update(body).digest();
    return timingSafeEqual(Buffer.from(hex, 'hex'), wanted);
  };
}
