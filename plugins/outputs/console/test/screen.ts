import type { TextStream } from '@cannectors/core';

/** A stream that keeps what is written to it. */
export interface Screen extends TextStream {
  text(): string;
  clear(): void;
}

/** @param columns width of a terminal; without it the stream is none */
export function screen(columns?: number): Screen {
  let text = '';
  return {
    ...(columns !== undefined && { isTTY: true, columns }),
    text: () => text,
    clear: () => void (text = ''),
    write(piece, done) {
      text += piece;
      queueMicrotask(done);
    },
  };
}
