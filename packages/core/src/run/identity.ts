import { createHash } from 'node:crypto';
import type { JsonRecord } from '../index.ts';

/**
 * Makes the id of a record that has none of its own: the same after every replay.
 *
 * First 128 bits of SHA-256 over the source and the record, as a UUIDv8 (RFC 9562, section 5.8).
 *
 * @see spec/runtime/coordinator.md, section 8
 */
export function recordId(source: string, record: JsonRecord): string {
  const text = JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  return uuid(createHash('sha256').update(source).update('\0').update(text).digest());
}

function uuid(hash: Buffer): string {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
