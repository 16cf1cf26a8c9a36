const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;

/** Finds ends of JSON values in bytes, without looking at what they hold. */
export interface ValueScanner {
  /**
   * Gives the place of the comma or the closing bracket behind the value that begins or goes on at
   * `from`. -1: it is not among these bytes; the next call goes on with what follows them.
   */
  end(bytes: Buffer, from: number): number;
}

/** Strings and brackets are all that it looks at: what is between may be anything. */
export function valueScanner(): ValueScanner {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;

  // A loop for strings of its own makes this 1.5 times as fast as one loop (bench/elements).
  const endOfString = (bytes: Buffer, from: number): number => {
    let at = isEscaped ? from + 1 : from;
    isEscaped = false;
    while (at < bytes.length) {
      const byte = bytes[at++];
      if (byte === quote) return at;
      if (byte === backslash && at++ === bytes.length) isEscaped = true;
    }
    return -1;
  };

  return {
    end(bytes, from) {
      let at = isInString ? endOfString(bytes, from) : from;
      if (at < 0) return -1;
      let level = depth;
      isInString = false;
      depth = 0;

      while (at < bytes.length) {
        const byte = bytes[at++] ?? 0;
        if (byte === quote) {
          at = endOfString(bytes, at);
          if (at < 0) {
            isInString = true;
            break;
          }
        } else if (byte === comma) {
          if (level === 0) return at - 1;
        } else if (isOpening(byte)) level++;
        else if (isClosing(byte) && level-- === 0) return at - 1;
      }
      depth = level;
      return -1;
    },
  };
}

/** `[` and `{` differ in one bit, and so do `]` and `}`. */
function isOpening(byte: number): boolean {
  return (byte & 0xdf) === 0x5b;
}

function isClosing(byte: number): boolean {
  return (byte & 0xdf) === 0x5d;
}
