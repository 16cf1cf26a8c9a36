import type { Fault, Json } from '@cannectors/core';
import { copyOf, textOf as textOfValue, typeName } from '@cannectors/kit-record';
import {
  add,
  compare,
  type Decimal,
  decimalOf,
  isDecimalText,
  numberOf,
  textOf,
} from './decimal.ts';
import { notANumber, notComparable } from './faults.ts';

/** What is calculated over the values of one group. Missing and null are no values. */
export interface Calculation {
  /** Why a value cannot be taken. Asked before `take`, for every calculation of the record. */
  refuses?(value: Json): Fault | undefined;
  take(value: Json): void;
  result(): Json;
}

/** Makes a calculation for each new group; `field` is for the words of a fault. */
export type Calculator = (field: string) => Calculation;

export const calculators = { count, sum, min, max, first, last, list } satisfies Record<
  string,
  Calculator
>;

function count(): Calculation {
  let values = 0;
  return { take: () => void values++, result: () => values };
}

/**
 * Adds exactly. Whole numbers stay whole beyond 2^53, and fractions are added as the decimals that
 * they are written as. As soon as one value is text, so is the sum.
 */
function sum(field: string): Calculation {
  let whole = 0;
  let rest: Decimal | undefined;
  let hasText = false;
  return {
    refuses(value) {
      return isNumeric(value) ? undefined : notANumber(field, typeName(value));
    },
    take(value) {
      if (rest === undefined && typeof value === 'number') {
        const next = whole + value;
        if (Number.isSafeInteger(value) && Number.isSafeInteger(next)) {
          whole = next;
          return;
        }
      }
      hasText ||= typeof value === 'string';
      const decimal = isNumeric(value) ? decimalOf(value) : undefined;
      rest ??= { digits: BigInt(whole), scale: 0 };
      if (decimal !== undefined) rest = add(rest, decimal);
    },
    result() {
      if (rest === undefined) return whole;
      return (hasText ? undefined : numberOf(rest)) ?? textOf(rest);
    },
  };
}

function min(field: string): Calculation {
  return extreme(field, (order) => order < 0);
}

function max(field: string): Calculation {
  return extreme(field, (order) => order > 0);
}

function extreme(field: string, isBetter: (order: number) => boolean): Calculation {
  let best: Json = null;
  return {
    refuses(value) {
      const isText = typeof value === 'string' && !isDecimalText(value);
      const fits = best === null || isNumeric(value) === isNumeric(best);
      if ((isText || isNumeric(value)) && fits) return undefined;
      return notComparable(
        field,
        typeName(value),
        best === null ? 'another' : `\`${textOfValue(best)}\``,
      );
    },
    take(value) {
      if (best === null || isBetter(orderOf(value, best))) best = value;
    },
    result: () => best,
  };
}

function first(): Calculation {
  let kept: Json | undefined;
  return { take: (value) => void (kept ??= copyOf(value)), result: () => kept ?? null };
}

function last(): Calculation {
  let kept: Json = null;
  return { take: (value) => void (kept = value), result: () => copyOf(kept) };
}

function list(): Calculation {
  const values: Json[] = [];
  return { take: (value) => void values.push(copyOf(value)), result: () => values };
}

function isNumeric(value: Json): value is number | bigint | string {
  if (typeof value === 'string') return isDecimalText(value);
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Numbers by value, texts by their UTF-16 code units, so that dates of one form come in order. */
function orderOf(value: Json, other: Json): number {
  if (typeof value === 'number' && typeof other === 'number') return value - other;
  if (isNumeric(value) && isNumeric(other)) {
    const [one, two] = [decimalOf(value), decimalOf(other)];
    return one === undefined || two === undefined ? 0 : compare(one, two);
  }
  if (typeof value !== 'string' || typeof other !== 'string' || value === other) return 0;
  return value < other ? -1 : 1;
}
