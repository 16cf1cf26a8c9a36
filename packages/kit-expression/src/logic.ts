import { failure, type Run, type Site } from './code.ts';
import { kindOf } from './kinds.ts';

/** Compiles a chain of `and` or `or`, which ends with the first operand that decides. */
export function logical(
  site: Site,
  operator: 'and' | 'or',
  [first, ...others]: readonly [Run, ...Run[]],
): Run {
  const link = operator === 'and' ? both : either;
  return others.reduce((left, right) => link(site, left, right), first);
}

function both(site: Site, left: Run, right: Run): Run {
  return (env, frame) => {
    const a = left(env, frame);
    if (a === false) return false;
    if (a !== true) throw notBoolean(site, 'and', a);
    const b = right(env, frame);
    if (b === true || b === false) return b;
    throw notBoolean(site, 'and', b);
  };
}

function either(site: Site, left: Run, right: Run): Run {
  return (env, frame) => {
    const a = left(env, frame);
    if (a === true) return true;
    if (a !== false) throw notBoolean(site, 'or', a);
    const b = right(env, frame);
    if (b === true || b === false) return b;
    throw notBoolean(site, 'or', b);
  };
}

/** Compiles `not`. */
export function negation(site: Site, operand: Run): Run {
  return (env, frame) => {
    const value = operand(env, frame);
    if (value === true) return false;
    if (value === false) return true;
    throw notBoolean(site, 'not', value);
  };
}

/** Compiles `c ? x : y` and `if c { x } else { y }`. */
export function conditional(site: Site, test: Run, yes: Run, no: Run): Run {
  return (env, frame) => {
    const value = test(env, frame);
    if (value === true) return yes(env, frame);
    if (value === false) return no(env, frame);
    throw notBoolean(site, 'a condition', value);
  };
}

/** Compiles `??`. */
export function coalescing(left: Run, right: Run): Run {
  return (env, frame) => left(env, frame) ?? right(env, frame);
}

function notBoolean(site: Site, operator: string, value: unknown) {
  const kind = kindOf(value);
  const hint =
    kind === 'nil'
      ? 'Give it a default, as in `(active ?? false)`.'
      : 'Compare it, as in `name != ""`: inside operators only true and false count.';
  return failure(site, `invalid operation: ${operator} needs a boolean, not ${kind},`, hint);
}
