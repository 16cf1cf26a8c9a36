import type { SQLInputValue } from 'node:sqlite';
import type { Json } from '@cannectors/core';
import { jsonText, textOf } from '@cannectors/kit-record';
import type { ValueOptions } from '../../database.ts';
import { notBase64 } from '../../faults.ts';
import { affinityOf } from './column-type.ts';

/** Gives a value of a record the form in which its column takes it. */
export type Cell = (value: Json) => SQLInputValue;

/**
 * Compiles how values are written into a column of a declared type. SQLite itself turns a whole double
 * into an integer where the column is one of numbers.
 */
export function cellOf(type: string, binary: ValueOptions['binary']): Cell {
  const affinity = affinityOf(type);
  if (affinity === 'text') {
    return (value) => (value === null || typeof value === 'string' ? value : textOf(value));
  }
  if (affinity !== 'blob') return numberCell;
  return type === '' ? anyCell : (value) => bytesCell(value, binary);
}

function numberCell(value: Json): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' && value !== null ? jsonText(value) : value;
}

/** A column without a type keeps what it is given: a double would stay one. */
function anyCell(value: Json): SQLInputValue {
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? BigInt(value)
    : numberCell(value);
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function bytesCell(value: Json, binary: ValueOptions['binary']): SQLInputValue {
  if (typeof value !== 'string') return anyCell(value);
  if (binary === 'text') return Buffer.from(value, 'utf8');
  if (!base64.test(value)) throw notBase64();
  return Buffer.from(value, 'base64');
}
