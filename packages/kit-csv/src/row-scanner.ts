const lineFeed = 0x0a;
const quote = 0x22;

/** Finds where rows end in the bytes of a CSV file. It remembers where it is. */
export interface RowScanner {
  /**
   * Gives the place of the line break behind the row that begins or goes on at `from`. -1: it is not
   * among these bytes; the next call goes on with what follows them.
   */
  end(bytes: Buffer, from: number): number;
  /** Line breaks in quoted fields of that row, so far. */
  readonly innerBreaks: number;
}

/** @param delimiter one ASCII character */
export function rowScanner(delimiter: string): RowScanner {
  const between = delimiter.charCodeAt(0);
  let state: 'row' | 'field' | 'plain' | 'quoted' | 'closed' = 'row';
  let innerBreaks = 0;
  /** The next quote from a place on, looked for once. */
  let seen: Buffer | undefined;
  let nextQuote = -1;

  const quoteFrom = (bytes: Buffer, from: number): number => {
    if (bytes === seen && from <= nextQuote) return nextQuote;
    seen = bytes;
    const at = bytes.indexOf(quote, from);
    nextQuote = at < 0 ? Infinity : at;
    return nextQuote;
  };

  return {
    get innerBreaks() {
      return innerBreaks;
    },
    end(bytes, from) {
      if (state === 'row') {
        innerBreaks = 0;
        const lineEnd = bytes.indexOf(lineFeed, from);
        if (lineEnd >= 0 && lineEnd < quoteFrom(bytes, from)) return lineEnd;
        state = 'field';
      }
      for (let at = from; at < bytes.length; at++) {
        const byte = bytes[at];
        if (state === 'quoted') {
          if (byte === quote) state = 'closed';
          else if (byte === lineFeed) innerBreaks++;
        } else if (byte === lineFeed) {
          state = 'row';
          return at;
        } else if (byte === between) state = 'field';
        // Inside a plain field a quote opens nothing: `5" pipe` spoils no row but its own.
        else if (byte === quote && state !== 'plain') state = 'quoted';
        else state = 'plain';
      }
      return -1;
    },
  };
}
