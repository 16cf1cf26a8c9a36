import { isRecord, textOf } from '@cannectors/kit-record';
import type { Place } from './faults.ts';
import { compare, compute, isEqual } from './operators.ts';
import type { Comparator, Value } from './tree.ts';
import { isNumber, isWhole } from './values.ts';

/** What stands behind `is`. */
export interface Predicate {
  /** It takes one argument. */
  readonly takesArgument: boolean;
  /** It asks whether there is a value, or of which type: a missing one is no error in a strict template. */
  readonly isAboutType: boolean;
  test(value: Value, argument: Value, place: Place): boolean;
}

const greaterThan = comparison('>');
const lessThan = comparison('<');
const equal = comparison('==');
const different = comparison('!=');

/** The tests of Jinja, by name. */
export const predicates: ReadonlyMap<string, Predicate> = new Map<string, Predicate>([
  ['defined', ofType((value) => value !== undefined)],
  ['undefined', ofType((value) => value === undefined)],
  ['none', ofType((value) => value === null)],
  ['boolean', ofType((value) => typeof value === 'boolean')],
  ['true', ofType((value) => value === true)],
  ['false', ofType((value) => value === false)],
  ['number', ofType(isNumber)],
  ['integer', ofType(isWhole)],
  ['float', ofType((value) => typeof value === 'number' && !isWhole(value))],
  ['string', ofType((value) => typeof value === 'string')],
  ['mapping', ofType(isRecord)],
  ['sequence', ofType(hasItems)],
  ['iterable', ofType(hasItems)],
  ['odd', ofValue((value, place) => isEqual(compute('%', value, 2, place), 1))],
  ['even', ofValue((value, place) => isEqual(compute('%', value, 2, place), 0))],
  ['lower', ofValue((value) => isCased(value, (text) => text.toLowerCase()))],
  ['upper', ofValue((value) => isCased(value, (text) => text.toUpperCase()))],
  ['divisibleby', withArgument((value, by, place) => isEqual(compute('%', value, by, place), 0))],
  ['in', comparison('in')],
  ['eq', equal],
  ['equalto', equal],
  [
    'sameas',
    withArgument((value, other) => typeof value === typeof other && isEqual(value, other)),
  ],
  ['ne', different],
  ['lt', lessThan],
  ['lessthan', lessThan],
  ['le', comparison('<=')],
  ['gt', greaterThan],
  ['greaterthan', greaterThan],
  ['ge', comparison('>=')],
]);

function hasItems(value: Value): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

function ofType(test: (value: Value) => boolean): Predicate {
  return { takesArgument: false, isAboutType: true, test };
}

function ofValue(test: (value: Value, place: Place) => boolean): Predicate {
  return {
    takesArgument: false,
    isAboutType: false,
    test: (value, _argument, place) => test(value, place),
  };
}

function withArgument(test: Predicate['test']): Predicate {
  return { takesArgument: true, isAboutType: false, test };
}

function comparison(comparator: Comparator): Predicate {
  return withArgument((value, other, place) => compare(comparator, value, other, place));
}

/** It has letters, and all of them are in that case. */
function isCased(value: Value, change: (text: string) => string): boolean {
  const text = textOf(value);
  return change(text) === text && text.toLowerCase() !== text.toUpperCase();
}
