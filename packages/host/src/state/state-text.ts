import type { JsonRecord } from '@cannectors/core';
import { parseExact } from '../exact-json.ts';

const instant = /^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?)?$/;

/** Keys of the original's state files. They are read, and never written. */
const oldKeys = new Set(['lastTimestamp', 'lastId', 'pipelineId', 'updatedAt']);

/**
 * Reads the text of a state file. Numbers keep their digits; old keys are translated.
 *
 * @throws an Error that says what is wrong with it
 * @see spec/connectors/state.md, section 2
 */
export function stateOf(text: string): JsonRecord {
  if (text.trim() === '') throw new Error('it is empty');
  const content = parseExact(text);
  if (!isRecord(content)) throw new Error('it is not a JSON object');
  const { lastTimestamp, lastId } = content;
  const state: JsonRecord = Object.fromEntries(
    Object.entries(content).filter(([key]) => !oldKeys.has(key)),
  );
  if (state['timestamp'] === undefined && lastTimestamp != null) state['timestamp'] = lastTimestamp;
  if (state['id'] === undefined && lastId != null) state['id'] = lastId;
  return checkedState(state);
}

/**
 * Checks what a state file is to hold.
 *
 * @throws an Error that says what is wrong with it
 */
export function checkedState(content: unknown): JsonRecord {
  if (!isRecord(content)) throw new Error('it is not a JSON object');
  const { id, timestamp, offset } = content;
  if (id !== undefined && !/^(string|number|bigint)$/.test(typeof id)) {
    throw new Error('`id` is neither a string nor a number');
  }
  if (timestamp !== undefined && !isInstant(timestamp)) {
    throw new Error('`timestamp` is not a date as in `2026-04-21T12:34:56Z`');
  }
  if (offset !== undefined && !isOffset(offset)) {
    throw new Error('`offset` is not a whole number of at least 0');
  }
  return content;
}

/** The text of a state file. Whole numbers beyond 2^53 are strings of digits: other tools round them. */
export function stateText(content: JsonRecord): string {
  const digits = (_key: string, value: unknown): unknown =>
    typeof value === 'bigint' ? value.toString() : value;
  return `${JSON.stringify(content, digits, 2)}\n`;
}

function isInstant(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    instant.test(value) &&
    !Number.isNaN(Date.parse(value.slice(0, 10)))
  );
}

function isOffset(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
