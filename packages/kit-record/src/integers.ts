import type { JsonRecord } from '@cannectors/core';

/**
 * Marks the values at these paths as integers.
 *
 * A number in JSON does not say whether it is one, and `%` in expressions asks. `paths` are
 * sources of record paths, in a set that is made once and shared by all records; it is not changed
 * afterwards. Marks add up. They travel with the record and with `copyOf`, not with a spread, and
 * are in no JSON.
 */
export function markIntegers(record: JsonRecord, paths: ReadonlySet<string>): void {
  Marks.add(record, paths);
}

/**
 * Gives the paths that were marked, `undefined` if there are none.
 *
 * What stands at a marked path may have been overwritten since: look whether it is a whole number.
 */
export function integersOf(record: JsonRecord): ReadonlySet<string> | undefined {
  return Marks.get(record);
}

// A private field can be put on any object: nothing else sees it, and it costs a ninth of a WeakMap
// and a sixth of a hidden property (bench/integers).
const Itself = function itself(object: object): object {
  return object;
} as unknown as new (object: object) => object;

class Marks extends Itself {
  #paths: ReadonlySet<string>;

  constructor(record: JsonRecord, paths: ReadonlySet<string>) {
    super(record);
    this.#paths = paths;
  }

  static get(record: object): ReadonlySet<string> | undefined {
    return #paths in record ? record.#paths : undefined;
  }

  static add(record: JsonRecord, paths: ReadonlySet<string>): void {
    if (!(#paths in record)) void new Marks(record, paths);
    else if (record.#paths !== paths) record.#paths = union(record.#paths, paths);
  }
}

const unions = new WeakMap<ReadonlySet<string>, WeakMap<ReadonlySet<string>, Set<string>>>();

/** Two mappings in a pipeline mark the same two sets on every record: their union is made once. */
function union(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  if (other.isSubsetOf(one)) return one;
  const known = unions.get(one) ?? new WeakMap<ReadonlySet<string>, Set<string>>();
  unions.set(one, known);
  const both = known.get(other) ?? one.union(other);
  known.set(other, both);
  return both;
}
