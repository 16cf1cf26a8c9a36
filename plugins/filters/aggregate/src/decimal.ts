/** An exact number: `digits × 10^-scale`. Adding doubles would lose cents; adding these does not. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** A text that stands for a number, as databases give them. Bounded, so that no record takes long. */
const shape = /^([+-]?)(\d{1,400})(?:\.(\d{1,400}))?$/;

/** Tells whether a text stands for a number. */
export function isDecimalText(text: string): boolean {
  return shape.test(text);
}

/** Reads a number by the shortest decimal that stands for it, or the text of one; else `undefined`. */
export function decimalOf(value: number | bigint | string): Decimal | undefined {
  if (typeof value === 'bigint') return { digits: value, scale: 0 };
  if (typeof value === 'number' && Number.isInteger(value)) {
    return { digits: BigInt(value), scale: 0 };
  }
  const [text = '', exponent = '0'] = String(value).split('e');
  const [, sign = '', whole, fraction = ''] = shape.exec(text) ?? [];
  if (whole === undefined || (exponent !== '0' && typeof value === 'string')) return undefined;
  const digits = BigInt(sign === '-' ? `-${whole}${fraction}` : whole + fraction);
  // Only a fraction below 1e-6 has an exponent here, so the scale only grows.
  return { digits, scale: fraction.length - Number(exponent) };
}

export function add(one: Decimal, other: Decimal): Decimal {
  const scale = Math.max(one.scale, other.scale);
  return { digits: at(one, scale) + at(other, scale), scale };
}

/** Below, at or above zero, as `one` is below, at or above `other`. */
export function compare(one: Decimal, other: Decimal): number {
  const scale = Math.max(one.scale, other.scale);
  const difference = at(one, scale) - at(other, scale);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** Gives a number if one stands for exactly this; else `undefined`. */
export function numberOf(decimal: Decimal): number | bigint | undefined {
  const { digits, scale } = withoutZeros(decimal);
  if (scale === 0) {
    const nearest = Number(digits);
    // From here on a number is written with an exponent; as far as it is exact, that is shorter.
    const isLong = Math.abs(nearest) >= 1e21 && Number.isFinite(nearest);
    const isExact = Number.isSafeInteger(nearest) || (isLong && BigInt(nearest) === digits);
    return isExact ? nearest : digits;
  }
  const nearest = Number(textOf(decimal));
  const read = decimalOf(nearest);
  return read !== undefined && compare(read, decimal) === 0 ? nearest : undefined;
}

/** Writes all digits: `-12.50`. */
export function textOf({ digits, scale }: Decimal): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const sign = digits < 0n ? '-' : '';
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

function at({ digits, scale }: Decimal, wanted: number): bigint {
  return scale === wanted ? digits : digits * 10n ** BigInt(wanted - scale);
}

function withoutZeros(decimal: Decimal): Decimal {
  let { digits, scale } = decimal;
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale--;
  }
  return { digits, scale };
}
