import type { JsonRecord } from '@cannectors/core';
import { propertyOf } from './alternatives.ts';
import type { SchemaObject } from './catalog.ts';
import { isRecord } from './json.ts';
import type { Defaults } from './pipeline.ts';

/**
 * Gives a module what the pipeline's `defaults` say and it does not, in place: only keys that its
 * schema has, and `retry` field by field.
 *
 * @see spec/connectors/pipeline.md, section 3
 */
export function inherit(config: JsonRecord, schema: SchemaObject, defaults: Defaults): void {
  const { timeoutMs = 0 } = defaults;
  if (propertyOf(schema, 'timeoutMs') && timeoutMs > 0 && !Object.hasOwn(config, 'timeoutMs')) {
    config['timeoutMs'] = timeoutMs;
  }
  const retrySchema = propertyOf(schema, 'retry');
  if (retrySchema) inheritRetry(config, retrySchema, defaults.retry ?? {});
}

function inheritRetry(config: JsonRecord, schema: SchemaObject, defaults: JsonRecord): void {
  const own = config['retry'] ?? {};
  if (!isRecord(own)) return;
  const { properties } = schema;
  const usable = Object.entries(defaults).filter(
    ([field]) => properties === undefined || Object.hasOwn(properties, field),
  );
  const retry = { ...said(Object.fromEntries(usable)), ...said(own) };
  // A module that says nothing and is given nothing keeps its own idea of whether to retry at all.
  if (Object.hasOwn(config, 'retry') || usable.length > 0) config['retry'] = retry;
}

/** A wait of 0 asks for the default, as if it were not there. */
function said(retry: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.entries(retry).filter(
      ([field, value]) => !((field === 'delayMs' || field === 'maxDelayMs') && value === 0),
    ),
  );
}
