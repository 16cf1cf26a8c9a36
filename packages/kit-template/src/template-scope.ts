import type { Json, JsonRecord } from '@cannectors/core';
import { isLoopScope } from '@cannectors/kit-record';
import type { Value } from './tree.ts';

/** What a template may read. */
export interface TemplateScope {
  /** The record at hand; inside a loop the scope of the loop, which is taken apart here. */
  readonly record: JsonRecord;
  /** The records of a batch body. */
  readonly records?: readonly JsonRecord[];
  readonly state?: JsonRecord;
  readonly pagination?: JsonRecord;
}

/**
 * Gives the function that reads a root variable.
 *
 * `record`, `records`, `meta`, `state` and `pagination` are always there, if need be as an empty
 * map. In a loop every other key of its scope is a variable too.
 *
 * @see spec/connectors/templates-and-expressions.md, section 1.1
 */
export function rootReader(name: string): (scope: TemplateScope) => Value {
  switch (name) {
    case 'record':
      return rootRecord;
    case 'records':
      return ({ records }) => (records as Json[] | undefined) ?? empty;
    case 'meta':
      return ({ record }) => ownValue(record, '_metadata') ?? empty;
    case 'state':
      return ({ state }) => state ?? empty;
    case 'pagination':
      return ({ pagination }) => pagination ?? empty;
    default:
      return ({ record }) => (isLoopScope(record) ? ownValue(record, name) : undefined);
  }
}

const empty: JsonRecord = Object.freeze({});

function rootRecord({ record }: TemplateScope): JsonRecord {
  // Nearly every record has no `_metadata`, and none has it from its prototype.
  if (record['_metadata'] === undefined || !isLoopScope(record)) return record;
  return record['record'] as JsonRecord;
}

function ownValue(record: JsonRecord, key: string): Value {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
