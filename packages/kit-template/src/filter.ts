import { textOf } from '@cannectors/kit-record';
import { failed, type Place } from './faults.ts';
import type { Value } from './tree.ts';
import { isWhole, kindOf } from './values.ts';

/** What stands behind `|`. */
export interface Filter {
  /** Names of the arguments, in their order; a template may give them by name. */
  readonly parameters: readonly string[];
  /** It takes any number of further arguments. */
  readonly takesMore?: true;
  /** @param given arguments in the order of `parameters`; `undefined` for what is left out */
  apply(input: Value, given: readonly Value[], place: Place): Value;
}

/** Makes an entry of a table of filters. */
export function filter(
  parameters: readonly string[],
  apply: (input: Value, given: readonly Value[], place: Place) => Value,
): Filter {
  return { parameters, apply };
}

/** An argument that is a whole number. */
export function wholeOf(value: Value, otherwise: number, place: Place): number {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'number' && isWhole(value)) return value;
  throw failed(`A whole number is expected, not ${kindOf(value)}`, place);
}

/** An argument that is a text; numbers are text too. */
export function textArgument(value: Value, otherwise: string): string {
  return value === undefined ? otherwise : textOf(value);
}
