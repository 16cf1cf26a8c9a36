import type { Json, Log } from '@cannectors/core';
import { jsonBody } from '@cannectors/kit-http';
import { isRecord, recordPath, typeName } from '@cannectors/kit-record';
import { noData, notJson, wrongData } from './faults.ts';

/**
 * Compiles how the answer is found in the body of a response: an object or a list.
 *
 * A body of `null` counts as an empty object.
 *
 * @throws `record.forbidden-key`; the reader throws `HTTP_CALL_JSON_PARSE`,
 *   `HTTP_CALL_DATA_FIELD_MISSING` and `HTTP_CALL_DATA_FIELD_TYPE`
 * @see spec/connectors/http.md, section 3.2
 */
export function answerReader(dataField: string | undefined, log: Log): (text: string) => Json {
  if (dataField === undefined) return bodyOf;
  const path = recordPath(dataField, '/dataField');

  return (text) => {
    const body = bodyOf(text);
    const value = isRecord(body) ? path.get(body) : undefined;
    if (value === undefined) {
      log.warn('http_call dataField not found', { data_field: dataField });
      throw noData(dataField);
    }
    if (typeof value === 'object' && value !== null) return value;
    const type = typeName(value);
    log.warn('http_call dataField is neither object nor list', { data_field: dataField, type });
    throw wrongData(dataField, type);
  };
}

function bodyOf(text: string): Json {
  const body = jsonBody(text, notJson) ?? {};
  if (typeof body === 'object') return body;
  throw notJson(`expected an object or a list, got ${typeName(body)}`);
}
