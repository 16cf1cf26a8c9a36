/** Values by key, as many as are wanted and not older than they are good for. */
export interface Recent<Value> {
  /** `undefined`: it was never set, is too old, or had to go. */
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** Makes a map of limited size, from which the least recently used entry goes first. */
export function recent<Value>(maxSize: number, ttlMs: number): Recent<Value> {
  // A map keeps its keys in the order in which they were set, so the first is the least recent.
  const entries = new Map<string, { readonly value: Value; readonly goodUntil: number }>();

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      if (entry.goodUntil <= performance.now()) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value) {
      entries.delete(key);
      const [oldest] = entries.keys();
      if (entries.size >= maxSize && oldest !== undefined) entries.delete(oldest);
      entries.set(key, { value, goodUntil: performance.now() + ttlMs });
    },
  };
}
