import { createHash } from 'node:crypto';
import { exactText } from '../exact-json.ts';
import type { Entry } from './entry.ts';

/** An entry whose payload is kept elsewhere, and that payload. */
export interface Parted {
  readonly entry: Entry;
  readonly payload: string;
}

/** Takes a payload above `maxBytes` out of an entry, into `folder`; `undefined` if it fits. */
export function parted(entry: Entry, maxBytes: number, folder: string): Parted | undefined {
  const payload = payloadOf(entry);
  const bytes = Buffer.byteLength(payload);
  if (bytes <= maxBytes) return undefined;
  const sha256 = createHash('sha256').update(payload).digest('hex');
  const ref = { file: `${folder}/${sha256}`, sha256, bytes };
  return { entry: { ...withoutPayload(entry), payload_ref: ref }, payload };
}

/** Cuts a payload above `maxBytes` off; what is left stands in `raw`. */
export function truncated(entry: Entry, maxBytes: number): Entry {
  const payload = Buffer.from(payloadOf(entry));
  if (payload.length <= maxBytes) return entry;
  // A character that was cut in two decodes to U+FFFD.
  const raw = payload
    .subarray(0, maxBytes)
    .toString()
    .replace(/\uFFFD$/, '');
  return { ...withoutPayload(entry), raw, payload_truncated: true };
}

function withoutPayload({ record: _record, raw: _raw, ...rest }: Entry): Entry {
  return rest;
}

function payloadOf({ record, raw }: Entry): string {
  return raw ?? exactText(record ?? null);
}
