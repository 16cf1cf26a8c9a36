import type { Fault } from '@cannectors/core';
import { notJson } from './faults.ts';
import { valueScanner } from './value-scanner.ts';
import type { Window } from './window.ts';

/** Walks over a JSON document, token by token, and holds none of it. */
export interface JsonCursor {
  /** The next character that is no blank; empty at the end of the file. */
  peek(): Promise<string>;
  /** Passes the character that `peek` has shown. */
  drop(): void;
  /** Passes a value, up to the comma or the bracket behind it. */
  skip(): Promise<void>;
  /**
   * Inside an object: passes its members up to the value of the first that fits, and gives the key.
   * `undefined`: none fits; then the object is left.
   */
  member(fits: (key: string) => boolean | Promise<boolean>): Promise<string | undefined>;
  /** Leaves the list or object that it is in. */
  leave(): Promise<void>;
  /** Makes sure that nothing follows. */
  end(): Promise<void>;
  /** The fault of a document that goes on with `found` where something else has to stand. */
  broken(expected: string, found: string): Fault;
}

const quote = 0x22;
const backslash = 0x5c;

/** The longest key that is looked at. */
const maxKeyBytes = 64 * 1024;

/** Every method that waits throws `file.not-json` where the document is none. */
export function jsonCursor(window: Window, file: string): JsonCursor {
  const broken = (expected: string, found: string): Fault =>
    notJson(file, expected, found === '' ? 'the end of the file' : `\`${found}\``, window.position);

  const drop = (): void => window.drop(1);

  const peek = async (): Promise<string> => {
    for (;;) {
      const { bytes } = window;
      const at = bytes.findIndex((byte) => !isBlank(byte));
      window.drop(at < 0 ? bytes.length : at);
      if (at >= 0) return String.fromCharCode(bytes[at] ?? 0);
      if (!(await window.fill())) return '';
    }
  };

  const skip = async (): Promise<void> => {
    const scanner = valueScanner();
    for (;;) {
      const { bytes } = window;
      const end = scanner.end(bytes, 0);
      window.drop(end < 0 ? bytes.length : end);
      if (end >= 0) return;
      if (!(await window.fill())) throw broken('the end of a value', '');
    }
  };

  const string = async (): Promise<string> => {
    let end = 1;
    for (let isEscaped = false; ; end++) {
      if (end > maxKeyBytes) throw broken(`a key of at most ${maxKeyBytes} bytes`, 'a longer one');
      if (end === window.bytes.length && !(await window.fill())) throw broken('a key', '');
      const byte = window.bytes[end];
      if (byte === quote && !isEscaped) break;
      isEscaped = byte === backslash && !isEscaped;
    }
    const text = window.bytes.toString('utf8', 0, end + 1);
    try {
      return JSON.parse(text) as string;
    } catch {
      throw broken('a key', text);
    } finally {
      window.drop(end + 1);
    }
  };

  /** A key with its colon. `undefined` at the end of the object, which is left. */
  const key = async (): Promise<string | undefined> => {
    if ((await peek()) === ',') drop();
    const start = await peek();
    if (start !== '"' && start !== '}') throw broken('a key', start);
    if (start === '}') {
      drop();
      return undefined;
    }
    const text = await string();
    const colon = await peek();
    if (colon !== ':') throw broken('a colon', colon);
    drop();
    return text;
  };

  return {
    peek,
    drop,
    skip,
    broken,
    async member(fits) {
      for (;;) {
        const name = await key();
        if (name === undefined || (await fits(name))) return name;
        await skip();
      }
    },
    async leave() {
      let behind: string;
      do {
        await skip();
        behind = await peek();
        drop();
      } while (behind === ',');
    },
    async end() {
      const found = await peek();
      if (found !== '') throw broken('the end of the file', found);
    },
  };
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
