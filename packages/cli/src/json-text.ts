/** JSON text of a value; whole numbers beyond 2^53 (`bigint`) keep all their digits. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, digits, indent);
}

// In Node since 21, and not yet in the types.
const { rawJSON } = JSON as typeof JSON & { rawJSON(this: void, text: string): unknown };

function digits(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? rawJSON(value.toString()) : value;
}

/** Reads JSON without losing digits: the counterpart of `jsonText`. */
export function jsonValue(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/u.test(source ?? '')
      ? BigInt(source ?? '')
      : value,
  );
}
