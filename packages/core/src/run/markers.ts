import type { Fault, Item, JsonRecord } from '../index.ts';

/**
 * Appends an entry to `_errors` of a record. The list is made anew, so no two records share one;
 * a value that is no list is replaced.
 *
 * @see spec/connectors/execution.md, section 4
 */
export function addMarker(item: Item, module: string, fault: Fault, recordIndex: number): void {
  const before = item.record['_errors'];
  const { attempts } = fault.details;
  const marker: JsonRecord = {
    module,
    category: fault.category,
    retryable: fault.retry !== false,
    message: fault.message,
    code: fault.code,
    ...(fault.statusCode === undefined ? {} : { statusCode: fault.statusCode }),
    ...(attempts === undefined ? {} : { attempts }),
    recordIndex,
  };
  item.record['_errors'] = Array.isArray(before) ? [...before, marker] : [marker];
}
