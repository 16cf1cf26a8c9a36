/**
 * Makes a text from outside safe to show on a terminal: control characters, which may move the
 * cursor or give commands, and those that turn the direction of text become JSON escapes.
 */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => escapes.get(character) ?? codeOf(character));
}

const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

const escapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function codeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
