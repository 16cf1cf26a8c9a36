import type { JsonRecord } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';

/** Records as they travel. */
export interface RecordTexts {
  /** Each as JSON. */
  readonly texts: readonly string[];
  /** A whole number beyond 2^53 is among them: they are parsed in the slower way that keeps it. */
  readonly isExact: boolean;
}

/** Writes a record as JSON, and tells whether a whole number beyond 2^53 is in it. */
export function recordText(record: JsonRecord): { text: string; isExact: boolean } {
  try {
    return { text: JSON.stringify(record), isExact: false };
  } catch {
    // The engine finds a bigint for nothing; looking for one first would cost every record.
    return { text: jsonText(record), isExact: true };
  }
}
