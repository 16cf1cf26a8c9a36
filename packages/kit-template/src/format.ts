import { isRecord, textOf } from '@cannectors/kit-record';
import { failed, type Place } from './faults.ts';
import type { Value } from './tree.ts';
import { assertLength, charactersOf, isNumber, kindOf } from './values.ts';

const conversion = /%(?:\((\w+)\))?([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g;

/**
 * Fills in a format as `printf` does: `%s`, `%d`, `%i`, `%f`, `%e`, `%x`, `%X`, `%o`, `%%`, with the
 * flags `-`, `0`, `+` and blank, a width and a precision. `%(name)s` takes a key of the one argument.
 */
export function formatted(format: string, given: readonly Value[], place: Place): string {
  let next = 0;
  const result = format.replaceAll(conversion, (...match: unknown[]) => {
    const [, name, flags, width, precision, type] = match as (string | undefined)[];
    if (type === '%') return '%';
    const [first] = given;
    const value = name === undefined ? given[next] : isRecord(first) ? first[name] : undefined;
    if (name === undefined && next >= given.length) {
      throw failed('The format has more places than there are values', place);
    }
    next++;
    assertLength(Number(width ?? 0));
    const text = converted(value, type ?? '', precision, place);
    return padded(withSign(text, flags ?? '', value), flags ?? '', Number(width ?? 0));
  });
  return result;
}

function converted(
  value: Value,
  type: string,
  precision: string | undefined,
  place: Place,
): string {
  const digits = Math.min(100, Number(precision ?? 6));
  switch (type) {
    case 's':
      return precision === undefined
        ? textOf(value)
        : charactersOf(textOf(value)).slice(0, Number(precision)).join('');
    case 'd':
    case 'i':
      return String(wholeNumber(value, type, place));
    case 'x':
      return wholeNumber(value, type, place).toString(16);
    case 'X':
      return wholeNumber(value, type, place).toString(16).toUpperCase();
    case 'o':
      return wholeNumber(value, type, place).toString(8);
    case 'f':
    case 'F':
      return Number(numberFor(value, type, place)).toFixed(digits);
    case 'e':
      return exponential(Number(numberFor(value, type, place)), digits);
    default:
      throw failed(`\`%${type}\` is no conversion of \`format\``, place);
  }
}

function numberFor(value: Value, type: string, place: Place): number | bigint {
  if (isNumber(value)) return value;
  if (typeof value === 'boolean') return Number(value);
  throw failed(`\`%${type}\` takes a number, not ${kindOf(value)}`, place);
}

function wholeNumber(value: Value, type: string, place: Place): bigint {
  const number = numberFor(value, type, place);
  return BigInt(typeof number === 'number' ? Math.trunc(number) : number);
}

/** The exponent has two digits at least. */
function exponential(value: number, digits: number): string {
  return value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
}

function withSign(text: string, flags: string, value: Value): string {
  if (typeof value === 'string' || text.startsWith('-')) return text;
  if (flags.includes('+')) return `+${text}`;
  return flags.includes(' ') ? ` ${text}` : text;
}

function padded(text: string, flags: string, width: number): string {
  const missing = width - charactersOf(text).length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
