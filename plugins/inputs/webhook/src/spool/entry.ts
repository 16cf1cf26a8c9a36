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
  /** It is delivered, or given up. Resolves when the next process would know that. */
  done(entry: Entry): Promise<void>;
  /** What is not done stays for the next process. */
  readonly isDurable: boolean;
  close(): Promise<void>;
}

/** Sequence, length of the facts. */
const headBytes = 8;
const sequenceBytes = 6;

/** Packs a delivery, as the parts of a frame. */
export function acceptedParts(sequence: number, facts: Facts, body: Buffer): Buffer[] {
  const text = JSON.stringify(facts);
  const length = Buffer.byteLength(text);
  const head = Buffer.allocUnsafe(headBytes + length);
  head.writeUIntLE(sequence, 0, sequenceBytes);
  head.writeUInt16LE(length, sequenceBytes);
  head.write(text, headBytes);
  return [head, body];
}

export function sequencePart(sequence: number): Buffer {
  const part = Buffer.alloc(sequenceBytes);
  part.writeUIntLE(sequence, 0, sequenceBytes);
  return part;
}

export function sequenceIn(content: Buffer): number {
  return content.readUIntLE(0, sequenceBytes);
}

/** @param at where the content stands in its file */
export function entryIn(content: Buffer, at: number): { entry: Entry; bodyAt: number } {
  const bodyFrom = headBytes + content.readUInt16LE(sequenceBytes);
  const facts = JSON.parse(content.toString('utf8', headBytes, bodyFrom)) as JsonRecord;
  const text = (key: string): string | undefined => {
    const value = isRecord(facts) ? facts[key] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const trace = text('trace');
  const key = text('key');
  return {
    bodyAt: at + bodyFrom,
    entry: {
      sequence: sequenceIn(content),
      bytes: content.length - bodyFrom,
      facts: {
        endpoint: text('endpoint') ?? '',
        ...(trace !== undefined && { trace }),
        ...(key !== undefined && { key }),
      },
    },
  };
}
