/** Blocks of a template, comments and what is quoted. */
const hidden = /\{[%#][^]*?[%#]\}|--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`/g;
const writing = /\b(?:delete|insert|into|merge|replace|update)\b(?!\s*\()/i;

/** Tells whether a statement only reads, as far as its text says. What is not certain counts as no. */
export function isSelect(statement: string): boolean {
  const text = statement.replaceAll(hidden, ' ');
  return /^[\s(]*(?:select|table|values|with)\b/i.test(text) && !writing.test(text);
}
