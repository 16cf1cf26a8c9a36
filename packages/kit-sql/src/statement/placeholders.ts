import type { Driver } from '../database.ts';

/** A part of a statement that is more than text. */
export interface Part {
  readonly kind: 'placeholder' | 'comment' | 'quote' | 'semicolon' | 'mark';
  /** Half open: from `from` up to, not including, `to`. */
  readonly from: number;
  readonly to: number;
  /** Of a placeholder: the N of `$N`. */
  readonly number: number;
}

/**
 * Finds what stands in a statement: placeholders `$N`, and what hides them, as they are none inside of
 * literals, quoted names, comments and dollar quotes. A mark is a placeholder of the database's own.
 *
 * @param driver without it: what all databases have in common, and PostgreSQL has beyond
 * @see spec/connectors/templates-and-expressions.md, section 5.1
 */
export function* partsOf(sql: string, driver?: Driver): Generator<Part> {
  const signs = new RegExp(start);
  for (let sign = signs.exec(sql); sign !== null; sign = signs.exec(sql)) {
    const from = sign.index;
    const part = partAt(sql, from, driver);
    if (part === undefined) continue;
    const [kind, to, number = 0] = part;
    yield { kind, from, to, number };
    signs.lastIndex = to;
  }
}

/** A whole word, because `$1` at its end is a part of it, or a sign that something may begin with. */
const start = /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*|['"`$#?;:@/-]/gi;

type Found = readonly [kind: Part['kind'], to: number, number?: number];

function partAt(sql: string, from: number, driver: Driver | undefined): Found | undefined {
  switch (sql.charAt(from)) {
    case "'":
      return ['quote', endOf(driver === 'mysql' ? escapedText : plainText, sql, from)];
    case '"':
      return ['quote', endOf(driver === 'mysql' ? escapedName : plainName, sql, from)];
    case '`':
      return driver === 'postgres' ? undefined : ['quote', endOf(backticks, sql, from)];
    case ';':
      return ['semicolon', from + 1];
    case '-':
    case '#':
    case '/':
      return commentAt(sql, from, driver);
    case '$':
      return dollarAt(sql, from, driver);
    case '?':
    case ':':
    case '@':
      return markAt(sql, from, driver);
    default:
      return escapeString(sql, from, driver);
  }
}

const plainText = /'[^']*(?:''[^']*)*(?:'|$)/y;
const plainName = /"[^"]*(?:""[^"]*)*(?:"|$)/y;
const backticks = /`[^`]*(?:``[^`]*)*(?:`|$)/y;
const escapedText = /'[^'\\]*(?:(?:''|\\[^])[^'\\]*)*(?:'|\\?$)/y;
const escapedName = /"[^"\\]*(?:(?:""|\\[^])[^"\\]*)*(?:"|\\?$)/y;
const lineComment = /--[^\n]*/y;
/** MariaDB and MySQL: `5--1` is a subtraction. */
const mysqlComment = /(?:--(?=\s|$)|#)[^\n]*/y;
const placeholder = /\$(\d+)/y;
const dollarQuote = /\$(?:[a-z_\u0080-\uffff][a-z0-9_\u0080-\uffff]*)?\$/iy;
const sqliteMark = /\?|[:@$][a-z_\u0080-\uffff]/iy;

function matchAt(pattern: RegExp, sql: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(sql);
}

/** Only for patterns that match whatever begins like them. */
function endOf(pattern: RegExp, sql: string, from: number): number {
  return from + (matchAt(pattern, sql, from)?.[0].length ?? 1);
}

function commentAt(sql: string, from: number, driver: Driver | undefined): Found | undefined {
  if (sql.startsWith('/*', from)) return ['comment', blockEnd(sql, from, driver)];
  const line = matchAt(driver === 'mysql' ? mysqlComment : lineComment, sql, from);
  return line === null ? undefined : ['comment', from + line[0].length];
}

/** In PostgreSQL block comments nest. */
function blockEnd(sql: string, from: number, driver: Driver | undefined): number {
  const nests = driver === undefined || driver === 'postgres';
  const border = /\/\*|\*\//g;
  border.lastIndex = from + 2;
  let depth = 1;
  while (depth > 0) {
    const match = border.exec(sql);
    if (match === null) return sql.length;
    if (match[0] === '*/') depth--;
    else if (nests) depth++;
  }
  return border.lastIndex;
}

function dollarAt(sql: string, from: number, driver: Driver | undefined): Found | undefined {
  const value = matchAt(placeholder, sql, from);
  if (value !== null) return ['placeholder', from + value[0].length, Number(value[1])];
  const quote = matchAt(dollarQuote, sql, from);
  if (quote === null) return markAt(sql, from, driver);
  const [tag] = quote;
  const end = sql.indexOf(tag, from + tag.length);
  return ['quote', end < 0 ? sql.length : end + tag.length];
}

/** Nobody would give them a value: SQLite takes null then, and the others shift. */
function markAt(sql: string, from: number, driver: Driver | undefined): Found | undefined {
  if (driver === 'mysql') return sql[from] === '?' ? ['mark', from + 1] : undefined;
  if (driver !== 'sqlite') return undefined;
  const mark = matchAt(sqliteMark, sql, from);
  return mark === null ? undefined : ['mark', from + mark[0].length];
}

/** `E'it\'s'` of PostgreSQL: the word before the quote is that one letter. */
function escapeString(sql: string, from: number, driver: Driver | undefined): Found | undefined {
  if (driver === 'mysql' || driver === 'sqlite') return undefined;
  if (!/^e'/i.test(sql.slice(from, from + 2))) return undefined;
  return ['quote', endOf(escapedText, sql, from + 1)];
}
