import { expression, expressionList, filterCalls, loopList } from './expression-parser.ts';
import { notSelfContained, type Place, syntax, tooComplex } from './faults.ts';
import { type Piece, piecesOf } from './lexer.ts';
import { limits } from './limits.ts';
import { type TagReader, tagReader } from './tag-reader.ts';
import type { Body, Branch, Expression, Node } from './tree.ts';

/**
 * Parses a template.
 *
 * @throws `template.syntax`, `template.not-self-contained`, `template.too-complex`
 */
export function parse(source: string): Body {
  const cursor: Cursor = { pieces: piecesOf(source), at: 0, depth: 0 };
  const nodes: Node[] = [];
  const { cost } = readNodes(cursor, nodes, []);
  return { nodes, cost };
}

interface Cursor {
  readonly pieces: readonly Piece[];
  at: number;
  depth: number;
}

/** A tag of which the first word is read. */
interface Tag {
  readonly word: string;
  readonly place: Place;
  readonly reader: TagReader;
}

/** Reads up to a tag that begins with one of `ends`, or to the end of the template. */
function readNodes(
  cursor: Cursor,
  nodes: Node[],
  ends: readonly string[],
): { readonly cost: number; readonly end?: Tag } {
  let cost = 0;
  for (let piece = take(cursor); piece !== undefined; piece = take(cursor)) {
    if (piece.kind === 'text') {
      nodes.push(piece);
      continue;
    }
    cost += piece.tokens.length;
    const reader = tagReader(piece.tokens);
    const place = reader.place();
    if (piece.kind === 'output') {
      nodes.push({ kind: 'output', expression: expressionList(reader), place });
      reader.end();
      continue;
    }
    const tag: Tag = { word: reader.word(), place, reader };
    if (ends.includes(tag.word)) return { cost, end: tag };
    nodes.push(statement(cursor, tag));
  }
  return { cost };
}

function take(cursor: Cursor): Piece | undefined {
  const piece = cursor.pieces[cursor.at];
  cursor.at++;
  return piece;
}

/** Reads the body of a block, and the tag that ends it. */
function block(cursor: Cursor, opener: Tag, ...ends: string[]): { body: Body; end: Tag } {
  if (cursor.depth >= limits.depth) {
    throw tooComplex(`Blocks are nested more than ${limits.depth} levels deep`, opener.place);
  }
  cursor.depth++;
  const nodes: Node[] = [];
  const { cost, end } = readNodes(cursor, nodes, ends);
  cursor.depth--;

  if (end === undefined) {
    const closing = `{% ${ends.at(-1) ?? ''} %}`;
    throw syntax(`\`{% ${opener.word} %}\` is not closed by \`${closing}\``, opener.place);
  }
  if (end.word !== 'elif') end.reader.end();
  return { body: { nodes, cost }, end };
}

type Statement = (cursor: Cursor, tag: Tag) => Node;

const statements: ReadonlyMap<string, Statement> = new Map<string, Statement>([
  ['if', ifStatement],
  ['for', forStatement],
  ['set', setStatement],
  ['with', withStatement],
  ['filter', filterStatement],
]);

const loading = new Set(['include', 'extends', 'import', 'from']);

function statement(cursor: Cursor, tag: Tag): Node {
  const { word, place } = tag;
  if (loading.has(word)) throw notSelfContained(word, place);

  const read = statements.get(word);
  if (read !== undefined) return read(cursor, tag);
  throw /^(?:end\w*|elif|else)$/.test(word)
    ? syntax(`\`{% ${word} %}\` closes no block`, place)
    : syntax(`\`{% ${word} %}\` is no tag of templates`, place);
}

const nothing: Body = { nodes: [], cost: 0 };

function ifStatement(cursor: Cursor, tag: Tag): Node {
  const branches: Branch[] = [];
  let opener = tag;
  for (;;) {
    const condition = expression(opener.reader);
    opener.reader.end();
    const { body, end } = block(cursor, tag, 'elif', 'else', 'endif');
    branches.push({ condition, body });
    if (end.word === 'endif') return { kind: 'if', branches, otherwise: nothing };
    if (end.word === 'else') {
      return { kind: 'if', branches, otherwise: block(cursor, tag, 'endif').body };
    }
    opener = end;
  }
}

function forStatement(cursor: Cursor, tag: Tag): Node {
  const { reader, place } = tag;
  const targets = names(reader);
  reader.expect('in');
  const list = loopList(reader);
  const condition = reader.accept('if') ? expression(reader) : undefined;
  reader.end();

  const { body, end } = block(cursor, tag, 'else', 'endfor');
  const otherwise = end.word === 'else' ? block(cursor, tag, 'endfor').body : nothing;
  return { kind: 'for', targets, list, condition, body, otherwise, place };
}

/** Reads `a`, or `a, b`, which may stand in brackets. */
function names(reader: TagReader): string[] {
  const isBracketed = reader.accept('(');
  const found = [newName(reader)];
  while (reader.accept(',')) found.push(newName(reader));
  if (isBracketed) reader.expect(')');
  return found;
}

/** `loop` belongs to the loop. */
function newName(reader: TagReader): string {
  if (reader.is('loop')) throw reader.unexpected('Another name');
  return reader.name();
}

function setStatement(cursor: Cursor, tag: Tag): Node {
  const { reader, place } = tag;
  if (reader.isFollowedBy('.')) {
    const name = reader.name();
    reader.expect('.');
    const key = reader.word();
    return { kind: 'member set', name, key, value: assigned(reader), place };
  }
  const targets = names(reader);
  if (reader.is('=')) return { kind: 'set', targets, value: assigned(reader), place };

  const [target, another] = targets;
  if (target === undefined || another !== undefined) throw reader.unexpected('`=`');
  const filters = reader.accept('|') ? filterCalls(reader) : [];
  reader.end();
  const { body } = block(cursor, tag, 'endset');
  return { kind: 'capture', target, value: { body, filters } };
}

function assigned(reader: TagReader): Expression {
  reader.expect('=');
  const value = expressionList(reader);
  reader.end();
  return value;
}

function withStatement(cursor: Cursor, tag: Tag): Node {
  const { reader } = tag;
  const variables: [string, Expression][] = [];
  while (!reader.isAtEnd()) {
    if (variables.length > 0) reader.expect(',');
    const name = newName(reader);
    reader.expect('=');
    variables.push([name, expression(reader)]);
  }
  return { kind: 'with', variables, body: block(cursor, tag, 'endwith').body };
}

function filterStatement(cursor: Cursor, tag: Tag): Node {
  const filters = filterCalls(tag.reader);
  tag.reader.end();
  const { body } = block(cursor, tag, 'endfilter');
  return { kind: 'filter block', value: { body, filters }, place: tag.place };
}
