/** Gathers text as bytes, up to a size. */
export interface TextBuffer {
  /** Takes a text as a whole. `false`: there is no room for it. */
  add(text: string): boolean;
  /** What was gathered; valid until the next `add`. The buffer is empty then. */
  take(): Buffer;
}

/** A UTF-16 unit takes up to three bytes of UTF-8. */
const bytesPerUnit = 3;

/** Characters that are turned into bytes at once: line by line takes 15% longer (bench/writing). */
const gatheredLength = 8192;

/** One large string would do too, but such strings stay in memory: 50 MB more in a run. */
export function textBuffer(size: number): TextBuffer {
  const buffer = Buffer.allocUnsafeSlow(size);
  let used = 0;
  let text = '';
  const write = (): void => {
    used += buffer.write(text, used);
    text = '';
  };

  return {
    add(more) {
      if ((text.length + more.length) * bytesPerUnit > size - used) return false;
      text += more;
      if (text.length >= gatheredLength) write();
      return true;
    },
    take() {
      write();
      const taken = buffer.subarray(0, used);
      used = 0;
      return taken;
    },
  };
}
