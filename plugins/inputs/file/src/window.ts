/** The bytes of a file that are read and not yet done with. It slides forward over the file. */
export interface Window {
  /** Valid until the next call of `fill`, which may move them. */
  readonly bytes: Buffer;
  /** Where the first of them stands in the file. */
  readonly position: number;
  /** Reads the next block behind them. `false`: the file ends here. */
  fill(): Promise<boolean>;
  /** Lets go of the first `count` bytes. */
  drop(count: number): void;
}

/** Reads into a buffer from a position in the file on; gives the number of bytes, 0 at the end. */
export type ReadAt = (into: Buffer, position: number) => Promise<number>;

/** Opens a window on a file. It holds one block, or more where somebody fills without dropping. */
export function slidingWindow(read: ReadAt, blockBytes: number, from = 0): Window {
  let buffer = Buffer.allocUnsafe(blockBytes * 2);
  let bytes = buffer.subarray(0, 0);
  let position = from;

  return {
    get bytes() {
      return bytes;
    },
    get position() {
      return position;
    },
    async fill() {
      const held = bytes.length;
      let start = bytes.byteOffset - buffer.byteOffset;
      if (start + held + blockBytes > buffer.length) {
        // What is left of one block is moved to the front; a record of many blocks needs more room.
        const isTooSmall = held + blockBytes > buffer.length;
        const roomy = isTooSmall ? Buffer.allocUnsafe(2 * (held + blockBytes)) : buffer;
        bytes.copy(roomy);
        buffer = roomy;
        start = 0;
      }
      const end = start + held;
      const count = await read(buffer.subarray(end, end + blockBytes), position + held);
      bytes = buffer.subarray(start, end + count);
      return count > 0;
    },
    drop(count) {
      bytes = bytes.subarray(count);
      position += count;
    },
  };
}
