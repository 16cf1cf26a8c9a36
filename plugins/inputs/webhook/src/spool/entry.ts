import type { JsonRecord } from '@cannectors/core';
import { isRecord } from '@cannectors/kit-record';

/** What is known of a delivery besides its body. */
export interface Facts {
  readonly endpoint: string;
  readonly trace?: string;
  /** Key of the delivery among those that are remembered. */
  readonly key?: string;
}

/** A delivery that was accepted. */
export interface Entry {
  /** Its number in the order of arrival. */
  readonly sequence: number;
  readonly facts: Facts;
  readonly bytes: number;
}

/** Keeps deliveries until they are done. */
export interface Store {
  /** Gives the deliveries that an earlier process has left, in order. */
  open(): Promise<readonly Entry[]>;
  /** Resolves when the delivery is kept. */
  add(facts: Facts, body: Buffer): Promise<Entry>;
  bodyOf(entry: Entry): Promise<Buffer>;
  /** It is delivered, or given up. */
  done(entry: Entry): void;
  /** What is not done stays for the next process. */
  readonly isDurable: boolean;
  close(): Promise<void>;
}

const accepted = 1;
const finished = 2;

/** `kind`, sequence, length of the facts. */
const headBytes = 9;

/** Packs a delivery, as the parts of a frame. */
export function acceptedParts(sequence: number, facts: Facts, body: Buffer): Buffer[] {
  const text = Buffer.from(JSON.stringify(facts));
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt8(accepted, 0);
  head.writeUIntLE(sequence, 1, 6);
  head.writeUInt16LE(text.length, 7);
  return [head, text, body];
}

export function finishedPart(sequence: number): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(finished, 0);
  head.writeUIntLE(sequence, 1, 6);
  return head;
}

export type Parsed =
  | { readonly isDone: true; readonly sequence: number }
  | { readonly isDone: false; readonly entry: Entry; readonly bodyAt: number };

/** @param at where the content stands in its file */
export function parsed(content: Buffer, at: number): Parsed {
  const sequence = content.readUIntLE(1, 6);
  if (content.readUInt8(0) === finished) return { isDone: true, sequence };
  const bodyFrom = headBytes + content.readUInt16LE(7);
  const facts = JSON.parse(content.toString('utf8', headBytes, bodyFrom)) as JsonRecord;
  const text = (key: string): string | undefined => {
    const value = isRecord(facts) ? facts[key] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const trace = text('trace');
  const key = text('key');
  return {
    isDone: false,
    bodyAt: at + bodyFrom,
    entry: {
      sequence,
      bytes: content.length - bodyFrom,
      facts: {
        endpoint: text('endpoint') ?? '',
        ...(trace !== undefined && { trace }),
        ...(key !== undefined && { key }),
      },
    },
  };
}
