import type { Json } from '@cannectors/core';
import { isRecord, textOf, typeName } from '@cannectors/kit-record';
import { conversionFailed } from '../faults.ts';

/** More digits than any number has that means something. */
const maxDigits = 1000;

export function toText(value: Json): Json {
  return textOf(value);
}

export function toInt(value: Json): Json {
  if (typeof value === 'number') return wholeOf(value);
  if (typeof value === 'string') return parseInteger(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return value;
  throw conversionFailed('toInt', `cannot convert ${typeName(value)} to int`);
}

function wholeOf(value: number): number | bigint {
  if (Number.isSafeInteger(value)) return value;
  if (Number.isInteger(value)) return BigInt(value);
  const reason = `cannot convert float with fractional part to int: ${textOf(value)}`;
  throw conversionFailed('toInt', reason);
}

function parseInteger(text: string): number | bigint {
  const digits = text.trim();
  if (digits.length > maxDigits || !/^[+-]?\d+$/.test(digits)) {
    throw conversionFailed('toInt', `cannot parse int from string "${text}"`);
  }
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits.replace('+', ''));
}

export function toFloat(value: Json): Json {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return parseDouble(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return Number(value);
  throw conversionFailed('toFloat', `cannot convert ${typeName(value)} to float`);
}

function parseDouble(text: string): number {
  const digits = text.trim();
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(digits) ? Number(digits) : NaN;
  if (Number.isFinite(value)) return value;
  throw conversionFailed('toFloat', `cannot parse float from string "${text}"`);
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);

export function toBool(value: Json): Json {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return parseBoolean(value);
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return value !== 0n;
  throw conversionFailed('toBool', `cannot convert ${typeName(value)} to bool`);
}

function parseBoolean(text: string): boolean {
  const value = booleans.get(text.trim());
  if (value !== undefined) return value;
  throw conversionFailed('toBool', `cannot parse bool from string "${text}"`);
}

export function toArray(value: Json): Json {
  return Array.isArray(value) ? value : [value];
}

export function toObject(value: Json): Json {
  if (isRecord(value)) return value;
  throw conversionFailed('toObject', `cannot convert ${typeName(value)} to object`);
}
