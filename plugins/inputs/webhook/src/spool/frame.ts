import { crc32 } from 'node:zlib';

/** `mark`, length and CRC-32 of the content, in front of it. */
const headBytes = 12;

/** Begins every frame, so that one can be found behind damage. */
const mark = Buffer.from([0xf0, 0x43, 0x57, 0x0a]);

/** Packs parts as one frame: it can be told later whether all of it was written. */
export function frameOf(...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = Buffer.allocUnsafe(headBytes + length);
  mark.copy(frame);
  let at = headBytes;
  for (const part of parts) at += part.copy(frame, at);
  frame.writeUInt32LE(length, 4);
  frame.writeUInt32LE(crc32(frame.subarray(headBytes)), 8);
  return frame;
}

export interface FoundFrame {
  readonly content: Buffer;
  /** Where the content begins in the file. */
  readonly at: number;
}

export interface Frames {
  readonly frames: readonly FoundFrame[];
  /** Bytes of the last frame, if it was not written to its end. */
  readonly torn: number;
  /** Where something stands that was never written, in front of a whole frame. */
  readonly damagedAt?: number;
}

/** Takes the frames of a file apart. */
export function framesIn(file: Buffer): Frames {
  const frames: FoundFrame[] = [];
  let at = 0;
  while (at < file.length) {
    const content = contentAt(file, at);
    if (content === undefined) {
      const torn = file.length - at;
      return hasFrame(file, at + 1) ? { frames, torn, damagedAt: at } : { frames, torn };
    }
    frames.push({ content, at: at + headBytes });
    at += headBytes + content.length;
  }
  return { frames, torn: 0 };
}

function contentAt(file: Buffer, at: number): Buffer | undefined {
  if (at + headBytes > file.length || mark.compare(file, at, at + mark.length) !== 0) {
    return undefined;
  }
  const start = at + headBytes;
  const end = start + file.readUInt32LE(at + 4);
  if (end > file.length) return undefined;
  const content = file.subarray(start, end);
  return crc32(content) === file.readUInt32LE(at + 8) ? content : undefined;
}

function hasFrame(file: Buffer, from: number): boolean {
  for (let at = file.indexOf(mark, from); at !== -1; at = file.indexOf(mark, at + 1)) {
    if (contentAt(file, at) !== undefined) return true;
  }
  return false;
}
