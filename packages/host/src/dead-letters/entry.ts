import type { Category, Fault, JsonRecord } from '@cannectors/core';
import type { DeadLetter } from '@cannectors/core/run';
import { exactText } from '../exact-json.ts';
import type { Scrub } from '../scrub.ts';

/** A dead letter as it is stored: one line of the file. Keys are as they stand there. */
export interface Entry {
  /** Grows in the order of storing; gaps are normal. */
  readonly seq: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly pipeline: string;
  readonly stream: 'dlq';
  readonly event_id: string;
  readonly source_cursor: null;
  /** Of change capture. Records of connectors are in `record`. */
  readonly event: null;
  readonly payload_truncated: boolean;
  readonly meta: {
    readonly sink_id: string;
    readonly error_kind: ErrorKind;
    readonly error_message: string;
    readonly attempts: number;
  };
  /** `{record id}:{stage}:{output}`: the same after a replay. */
  readonly id: string;
  readonly stage: DeadLetter['stage'];
  readonly stage_id: string;
  readonly batch_seq: number;
  readonly run: string;
  /** RFC 3339. */
  readonly first_failed_at: string;
  readonly last_failed_at: string;
  readonly record?: JsonRecord;
  /** What stood there, when it could not be read as a record. */
  readonly raw?: string;
  /** The record, where it is too large for the line: a file beside this one. */
  readonly payload_ref?: PayloadRef;
  readonly error: {
    readonly category: Category;
    readonly code: string;
    readonly statusCode?: number;
    readonly message: string;
    readonly retryable: boolean;
  };
}

export interface PayloadRef {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

export type ErrorKind =
  | 'serialization'
  | 'routing'
  | 'too_large'
  | 'validation'
  | 'rejected'
  | 'timeout'
  | 'script'
  | 'unknown';

/** What an entry is made with, beside the letter. */
export interface EntryFrame {
  readonly pipeline: string;
  readonly seq: number;
  readonly now: Date;
  /** Takes secrets out of the error. */
  readonly scrub: Scrub;
}

/** The entry of a dead letter, with its payload in it. */
export function entryOf(letter: DeadLetter, { pipeline, seq, now, scrub }: EntryFrame): Entry {
  const { id, stage, stageId, batchSeq, run, record, raw, fault, attempts } = letter;
  const at = now.toISOString();
  const message = scrub.text(fault.message);
  return {
    seq,
    timestamp: Math.floor(now.getTime() / 1000),
    pipeline,
    stream: 'dlq',
    event_id: id.slice(0, id.lastIndexOf(`:${stage}:`)),
    source_cursor: null,
    event: null,
    payload_truncated: false,
    meta: { sink_id: stageId, error_kind: kindOf(fault, stage), error_message: message, attempts },
    id,
    stage,
    stage_id: stageId,
    batch_seq: batchSeq,
    run,
    first_failed_at: at,
    last_failed_at: at,
    ...(record !== undefined && { record }),
    ...(raw !== undefined && { raw }),
    error: {
      category: fault.category,
      code: fault.code,
      ...(fault.statusCode !== undefined && { statusCode: fault.statusCode }),
      message,
      retryable: fault.retry !== false,
    },
  };
}

/** One line of the file. Whole numbers beyond 2^53 keep their digits. */
export function lineOf(entry: Entry): string {
  return `${exactText(entry)}\n`;
}

/**
 * Merges a repeated entry into an earlier one of its id: the newest error, the time of the first
 * failure, and all attempts.
 */
export function merged(earlier: Entry | undefined, later: Entry): Entry {
  if (earlier === undefined) return later;
  const { seq, timestamp, first_failed_at, meta } = earlier;
  const attempts = meta.attempts + later.meta.attempts;
  return { ...later, seq, timestamp, first_failed_at, meta: { ...later.meta, attempts } };
}

function kindOf({ code, category }: Fault, stage: DeadLetter['stage']): ErrorKind {
  const word = code.toLowerCase();
  if (/too[-_]large/.test(word)) return 'too_large';
  if (/serializ|encod/.test(word)) return 'serialization';
  if (/routing|unmatched/.test(word)) return 'routing';
  if (/time[-_]?out|deadline/.test(word)) return 'timeout';
  if (word.includes('script')) return 'script';
  const isRefusal = category === 'validation' || category === 'not_found';
  if (stage === 'output' && isRefusal) return 'rejected';
  return category === 'validation' ? 'validation' : 'unknown';
}
