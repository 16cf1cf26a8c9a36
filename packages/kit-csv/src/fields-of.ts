import { badQuotes } from './faults.ts';

/**
 * Takes the text of a row apart, given without its line break. A CR at its end belongs to that.
 *
 * `1,"say ""hi""",` has the fields `1`, `say "hi"` and an empty one.
 *
 * @throws `csv.bad-quotes` where a field that is not quoted holds a quote, and where a quoted one goes
 * on behind its closing quote or has none
 * @see RFC 4180, section 2
 */
export function fieldsOf(text: string, delimiter: string): string[] {
  const row = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (!row.includes('"')) return row.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    const isQuoted = row[at] === '"';
    const end = isQuoted ? endOfQuoted(row, at) : endOfPlain(row, at, delimiter);
    fields.push(isQuoted ? row.slice(at + 1, end - 1).replaceAll('""', '"') : row.slice(at, end));
    if (end === row.length) return fields;
    if (row[end] !== delimiter) throw badQuotes('A quoted field goes on behind its closing quote.');
    at = end;
  }
}

/** The place behind the closing quote. */
function endOfQuoted(row: string, start: number): number {
  let close = row.indexOf('"', start + 1);
  while (close >= 0 && row[close + 1] === '"') close = row.indexOf('"', close + 2);
  if (close < 0) throw badQuotes('A quoted field has no closing quote.');
  return close + 1;
}

function endOfPlain(row: string, start: number, delimiter: string): number {
  const found = row.indexOf(delimiter, start);
  const end = found < 0 ? row.length : found;
  if (row.slice(start, end).includes('"')) {
    throw badQuotes('A field that is not quoted holds a quote.');
  }
  return end;
}
