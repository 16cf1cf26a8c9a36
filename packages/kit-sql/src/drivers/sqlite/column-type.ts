/** What SQLite does with the values of a column. */
export type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric';

/** @see https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
export function affinityOf(type: string): Affinity {
  if (/int/i.test(type)) return 'integer';
  if (/char|clob|text/i.test(type)) return 'text';
  if (type === '' || /blob/i.test(type)) return 'blob';
  return /real|floa|doub/i.test(type) ? 'real' : 'numeric';
}

export function isBoolean(type: string): boolean {
  return /^bool/i.test(type);
}

/** Text that is declared as a date or an instant is read as RFC 3339. */
export function isInstant(type: string): boolean {
  return /^(?:date|timestamp)/i.test(type);
}
