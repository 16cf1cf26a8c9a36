import { type Place, syntax } from './faults.ts';
import { keywords, outOfReach, type TagReader, unreachable } from './tag-reader.ts';
import type { Arguments, Arithmetic, Comparator, Expression, FilterCall, Link } from './tree.ts';

// Each function reads one level of binding, loosest first, as Jinja has them: `~` binds before `+`,
// filters and tests bind before everything.

/** Reads an expression. */
export function expression(reader: TagReader): Expression {
  return reader.nested(() => {
    let result = either(reader);
    while (reader.accept('if')) {
      reader.link();
      const condition = either(reader);
      const no = reader.accept('else') ? expression(reader) : undefined;
      result = { kind: 'choice', condition, yes: result, no };
    }
    return result;
  });
}

/** Reads an expression, or a list of several with commas between them. */
export function expressionList(reader: TagReader, item = expression): Expression {
  const first = item(reader);
  if (!reader.is(',')) return first;

  const items = [first];
  while (reader.accept(',')) {
    if (reader.isAtEnd() || reader.is(')')) break;
    items.push(item(reader));
  }
  return { kind: 'list', items };
}

/** Reads what a loop goes over: it ends before `if`. */
export function loopList(reader: TagReader): Expression {
  return expressionList(reader, either);
}

/** Reads filters that wait for their input, as in `{% filter upper | trim %}`. */
export function filterCalls(reader: TagReader): FilterCall[] {
  const calls = [filterCall(reader)];
  while (reader.accept('|')) calls.push(filterCall(reader));
  return calls;
}

function either(reader: TagReader): Expression {
  let left = both(reader);
  while (reader.accept('or')) {
    reader.link();
    left = { kind: 'or', left, right: both(reader) };
  }
  return left;
}

function both(reader: TagReader): Expression {
  let left = negation(reader);
  while (reader.accept('and')) {
    reader.link();
    left = { kind: 'and', left, right: negation(reader) };
  }
  return left;
}

function negation(reader: TagReader): Expression {
  if (!reader.accept('not')) return comparison(reader);
  return reader.nested(() => ({ kind: 'not', operand: negation(reader) }));
}

const comparators: readonly Comparator[] = ['==', '!=', '<=', '>=', '<', '>', 'in'];

function comparison(reader: TagReader): Expression {
  const first = sum(reader);
  const rest: Link[] = [];
  for (;;) {
    const place = reader.place();
    const isNotIn = reader.is('not') && reader.isFollowedBy('in');
    const comparator = isNotIn ? 'not in' : comparators.find((sign) => reader.is(sign));
    if (comparator === undefined) break;
    reader.take();
    if (isNotIn) reader.take();
    rest.push({ comparator, operand: sum(reader), place });
  }
  return rest.length === 0 ? first : { kind: 'comparison', first, rest };
}

function sum(reader: TagReader): Expression {
  return arithmetic(reader, ['+', '-'], concatenation);
}

function concatenation(reader: TagReader): Expression {
  const first = product(reader);
  if (!reader.is('~')) return first;

  const parts = [first];
  while (reader.accept('~')) parts.push(product(reader));
  return { kind: 'concatenation', parts };
}

function product(reader: TagReader): Expression {
  return arithmetic(reader, ['*', '/', '//', '%'], power);
}

function power(reader: TagReader): Expression {
  return arithmetic(reader, ['**'], (inner) => filtered(inner, unary(inner)));
}

function arithmetic(
  reader: TagReader,
  operators: readonly Arithmetic[],
  operand: (reader: TagReader) => Expression,
): Expression {
  let left = operand(reader);
  for (;;) {
    const place = reader.place();
    const operator = operators.find((sign) => reader.accept(sign));
    if (operator === undefined) return left;
    reader.link();
    left = { kind: 'arithmetic', operator, left, right: operand(reader), place };
  }
}

function unary(reader: TagReader): Expression {
  const place = reader.place();
  const operator = (['-', '+'] as const).find((sign) => reader.accept(sign));
  if (operator === undefined) return postfix(reader, primary(reader));
  return reader.nested(() => ({ kind: 'sign', operator, operand: unary(reader), place }));
}

const literals: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

function primary(reader: TagReader): Expression {
  const { kind, text } = reader.next();
  const place = reader.place();
  if (kind === 'value') return constant(reader);
  if (kind === 'name') {
    const literal = literals.get(text);
    if (literal === undefined) return { kind: 'name', name: reader.name(), place };
    reader.take();
    return { kind: 'constant', value: literal };
  }
  return reader.nested((): Expression => {
    if (reader.accept('(')) return bracketed(reader);
    if (reader.accept('[')) return { kind: 'list', items: until(reader, ']', expression) };
    if (reader.accept('{')) return { kind: 'map', entries: until(reader, '}', entry), place };
    throw reader.unexpected('A value');
  });
}

/** Strings that stand side by side are one. */
function constant(reader: TagReader): Expression {
  const { value } = reader.take();
  if (typeof value !== 'string') return { kind: 'constant', value };

  const parts = [value];
  for (let { value: more } = reader.next(); typeof more === 'string'; more = reader.next().value) {
    parts.push(more);
    reader.take();
  }
  return { kind: 'constant', value: parts.join('') };
}

function bracketed(reader: TagReader): Expression {
  const inner: Expression = reader.is(')') ? { kind: 'list', items: [] } : expressionList(reader);
  reader.expect(')');
  return inner;
}

function entry(reader: TagReader): readonly [Expression, Expression] {
  const key = expression(reader);
  reader.expect(':');
  return [key, expression(reader)];
}

/** Reads what is separated by commas; one after the last is fine. */
function until<Part>(
  reader: TagReader,
  closing: string,
  part: (reader: TagReader) => Part,
): Part[] {
  const parts: Part[] = [];
  while (!reader.accept(closing)) {
    parts.push(part(reader));
    if (!reader.is(closing)) reader.expect(',');
  }
  return parts;
}

function postfix(reader: TagReader, start: Expression): Expression {
  let object = start;
  for (;;) {
    const place = reader.place();
    if (reader.accept('.')) object = member(reader, object, place);
    else if (reader.accept('[')) object = subscript(reader, object, place);
    else if (reader.is('(')) object = call(reader, object, place);
    else return object;
    reader.link();
  }
}

function member(reader: TagReader, object: Expression, place: Place): Expression {
  if (typeof reader.next().value === 'number') {
    return { kind: 'item', object, index: constant(reader), place };
  }
  return { kind: 'member', object, key: reader.word(), place };
}

function subscript(reader: TagReader, object: Expression, place: Place): Expression {
  const part = (): Expression | undefined =>
    reader.is(':') || reader.is(']') ? undefined : reader.nested(() => expression(reader));
  const first = part();
  if (first !== undefined && reader.accept(']')) return itemOf(object, first, place);

  reader.expect(':');
  const to = part();
  const step = reader.accept(':') ? part() : undefined;
  reader.expect(']');
  return { kind: 'slice', object, from: first, to, step, place };
}

function itemOf(object: Expression, index: Expression, place: Place): Expression {
  if (index.kind !== 'constant' || typeof index.value !== 'string') {
    return { kind: 'item', object, index, place };
  }
  if (outOfReach.has(index.value)) throw unreachable(index.value, place);
  return { kind: 'member', object, key: index.value, place };
}

function call(reader: TagReader, callee: Expression, place: Place): Expression {
  if (callee.kind === 'name') {
    return { kind: 'call', name: callee.name, given: given(reader), place: callee.place };
  }
  if (callee.kind !== 'member') throw syntax('What stands before `(` cannot be called', place);
  const { object, key, place: at } = callee;
  return { kind: 'method', object, name: key, given: given(reader), place: at };
}

/** Reads arguments in brackets; no brackets are no arguments. */
function given(reader: TagReader): Arguments {
  const positional: Expression[] = [];
  const named: [string, Expression][] = [];
  if (!reader.accept('(')) return { positional, named };

  until(reader, ')', () => {
    const isNamed = reader.next().kind === 'name' && reader.isFollowedBy('=');
    if (!isNamed && named.length > 0) throw reader.unexpected('An argument with a name');
    if (!isNamed) return positional.push(expression(reader));
    const parameter = reader.word();
    reader.expect('=');
    return named.push([parameter, expression(reader)]);
  });
  return { positional, named };
}

function filtered(reader: TagReader, start: Expression): Expression {
  let input = start;
  for (;;) {
    if (reader.accept('|')) input = { kind: 'filter', input, ...filterCall(reader) };
    else if (reader.accept('is')) input = test(reader, input);
    else return input;
    reader.link();
  }
}

function filterCall(reader: TagReader): FilterCall {
  const place = reader.place();
  const name = reader.word();
  if (reader.is(':')) {
    const hint = `Write \`${name}(…)\`.`;
    throw syntax(`The arguments of \`${name}\` stand in brackets`, reader.place(), hint);
  }
  return { name, given: given(reader), place };
}

function test(reader: TagReader, input: Expression): Expression {
  const isNegated = reader.accept('not');
  const place = reader.place();
  const name = reader.word();
  const result: Expression = { kind: 'test', name, input, given: testGiven(reader), place };
  return isNegated ? { kind: 'not', operand: result } : result;
}

/** The one argument of a test may do without brackets: `is divisibleby 3`. */
function testGiven(reader: TagReader): Arguments {
  const { kind, text } = reader.next();
  const isBare =
    kind === 'value' || (kind === 'name' ? !keywords.has(text) : reader.is('[') || reader.is('{'));
  if (!isBare) return given(reader);
  return { positional: [postfix(reader, primary(reader))], named: [] };
}
