import type { Json, JsonRecord } from '@cannectors/core';
import { recordPath } from '@cannectors/kit-record';

/** What is shown of records. */
export interface View {
  /** Names of what is shown, in order. `undefined`: whatever a record holds. */
  readonly names: readonly string[] | undefined;
  /** The part of a record that is shown, under those names. */
  of(record: JsonRecord): JsonRecord;
}

/** Without fields records are shown as they are. What a record lacks is left out. */
export function view(fields: readonly string[] | undefined): View {
  if (fields === undefined) return { names: undefined, of: (record) => record };
  const paths = fields.map((field, index) => recordPath(field, `/fields/${index}`));
  return {
    names: fields,
    of(record) {
      const shown: Record<string, Json> = {};
      for (const path of paths) {
        const value = path.get(record);
        if (value !== undefined) shown[path.source] = value;
      }
      return shown;
    },
  };
}
