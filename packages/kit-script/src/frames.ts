import { Buffer } from 'node:buffer';

/** Bytes of the number in front of every frame: the length of its text in UTF-8, big-endian. */
const prefix = 4;

/** Makes a frame of a text. */
export function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(prefix + length);
  frame.writeUInt32BE(length);
  frame.write(text, prefix);
  return frame;
}

/**
 * Makes a function that is fed with what comes out of a pipe, and calls `take` with the text of each
 * frame. A frame longer than `maxBytes` is refused before any of it is kept.
 *
 * @param refuse told the length of such a frame; nothing is read after it
 */
export function frameReader(
  maxBytes: number,
  take: (text: string) => void,
  refuse: (length: number) => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let held = 0;
  let needed = prefix;
  let isHeader = true;
  let isRefused = false;

  return (chunk) => {
    parts.push(chunk);
    held += chunk.length;
    while (held >= needed && !isRefused) {
      const all = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, held);
      const rest = all.subarray(needed);
      const given = all.subarray(0, needed);
      parts = rest.length > 0 ? [rest] : [];
      held = rest.length;
      if (isHeader) {
        needed = given.readUInt32BE();
        isRefused = needed > maxBytes;
        if (isRefused) refuse(needed);
      } else {
        take(given.toString('utf8'));
        needed = prefix;
      }
      isHeader = !isHeader;
    }
  };
}
