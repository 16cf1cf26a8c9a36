import { allowText, failure, spend, type Frame } from '../code.ts';
import { integer } from '../kinds.ts';
import { type Builtin, countArgument, listArgument, takes, textArgument } from './builtin.ts';

export const textFunctions = {
  trim: takes(1, 2, (frame, value, set) => {
    const text = textArgument(frame, value);
    return set === undefined ? text.trim() : trimmed(text, textArgument(frame, set));
  }),
  trimPrefix: takes(1, 2, (frame, value, prefix = ' ') => {
    const [text, start] = [textArgument(frame, value), textArgument(frame, prefix)];
    return text.startsWith(start) ? text.slice(start.length) : text;
  }),
  trimSuffix: takes(1, 2, (frame, value, suffix = ' ') => {
    const [text, end] = [textArgument(frame, value), textArgument(frame, suffix)];
    return text.endsWith(end) ? text.slice(0, text.length - end.length) : text;
  }),
  upper: takes(1, 1, (frame, value) => textArgument(frame, value).toUpperCase()),
  lower: takes(1, 1, (frame, value) => textArgument(frame, value).toLowerCase()),
  split: takes(2, 3, (frame, value, separator, most = -1) => {
    const [text, between] = [textArgument(frame, value), textArgument(frame, separator)];
    return atMost(frame, pieces(text, between), between, countArgument(frame, most));
  }),
  splitAfter: takes(2, 3, (frame, value, separator, most = -1) => {
    const [text, between] = [textArgument(frame, value), textArgument(frame, separator)];
    const texts = atMost(frame, pieces(text, between), between, countArgument(frame, most));
    return texts.map((piece, index) => (index < texts.length - 1 ? piece + between : piece));
  }),
  join: takes(1, 2, (frame, value, separator = '') => {
    const texts = listArgument(frame, value).map((item) => textArgument(frame, item));
    return joined(frame, texts, textArgument(frame, separator));
  }),
  replace: takes(3, 4, (frame, value, part, replacement, most = -1) => {
    const [text, old] = [textArgument(frame, value), textArgument(frame, part)];
    const count = countArgument(frame, most);
    // The empty text is found before and after every character.
    const texts = old === '' ? ['', ...Array.from(text), ''] : pieces(text, old);
    const cut = atMost(frame, texts, old, count < 0 ? -1 : count + 1);
    return joined(frame, cut, textArgument(frame, replacement));
  }),
  repeat: takes(2, 2, (frame, value, count) => {
    const [text, times] = [textArgument(frame, value), countArgument(frame, count)];
    if (times < 0) {
      const reason = `invalid argument for repeat (expected positive integer, got ${times})`;
      throw failure(frame.site, reason);
    }
    allowText(frame.site, text.length * times);
    return text.repeat(times);
  }),
  indexOf: takes(2, 2, (frame, value, part) => {
    const text = textArgument(frame, value);
    return position(text, text.indexOf(textArgument(frame, part)));
  }),
  lastIndexOf: takes(2, 2, (frame, value, part) => {
    const text = textArgument(frame, value);
    return position(text, text.lastIndexOf(textArgument(frame, part)));
  }),
  hasPrefix: takes(2, 2, (frame, value, part) =>
    textArgument(frame, value).startsWith(textArgument(frame, part)),
  ),
  hasSuffix: takes(2, 2, (frame, value, part) =>
    textArgument(frame, value).endsWith(textArgument(frame, part)),
  ),
} as const satisfies Record<string, Builtin>;

/** Takes every one of these characters off both ends. */
function trimmed(text: string, characters: string): string {
  const set = new Set(characters);
  const all = Array.from(text);
  const start = all.findIndex((character) => !set.has(character));
  const end = all.findLastIndex((character) => !set.has(character));
  return start === -1 ? '' : all.slice(start, end + 1).join('');
}

/** Places are counted in characters, as `len` counts them. */
function position(text: string, at: number): bigint {
  return integer(at < 0 ? at : Array.from(text.slice(0, at)).length);
}

function pieces(text: string, separator: string): string[] {
  return separator === '' ? Array.from(text) : text.split(separator);
}

/** Leaves so many pieces, the last one with all the rest; a negative number leaves all. */
function atMost(
  frame: Frame,
  texts: readonly string[],
  between: string,
  limit: number,
): readonly string[] {
  spend(frame, texts.length);
  if (limit < 0 || texts.length <= limit) return texts;
  return limit === 0 ? [] : [...texts.slice(0, limit - 1), texts.slice(limit - 1).join(between)];
}

function joined(frame: Frame, texts: readonly string[], separator: string): string {
  const separators = separator.length * Math.max(0, texts.length - 1);
  allowText(
    frame.site,
    texts.reduce((sum, text) => sum + text.length, separators),
  );
  return texts.join(separator);
}
