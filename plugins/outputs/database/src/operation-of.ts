/** What a statement does, and to which table, as far as its first words tell. */
export interface Operation {
  readonly operation: string;
  /** Empty where rows are read, and where nobody can tell. */
  readonly table: string;
}

const comments = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)+/;
const table = '((?:"[^"]*"|`[^`]*`|[\\w$]+)(?:\\.(?:"[^"]*"|`[^`]*`|[\\w$]+))*)';

const operations: readonly (readonly [operation: string, pattern: RegExp])[] = [
  ['INSERT INTO', new RegExp(`^INSERT\\s+(?:OR\\s+\\w+\\s+|IGNORE\\s+)?INTO\\s+${table}`, 'i')],
  ['UPDATE', new RegExp(`^UPDATE\\s+(?:OR\\s+\\w+\\s+|ONLY\\s+)?${table}`, 'i')],
  ['DELETE FROM', new RegExp(`^DELETE\\s+FROM\\s+(?:ONLY\\s+)?${table}`, 'i')],
  ['REPLACE INTO', new RegExp(`^REPLACE\\s+INTO\\s+${table}`, 'i')],
  ['MERGE INTO', new RegExp(`^MERGE\\s+INTO\\s+(?:ONLY\\s+)?${table}`, 'i')],
  ['SELECT', /^SELECT\b/i],
  ['WITH', /^WITH\b/i],
];

/** @see spec/connectors/database.md, section 5 */
export function operationOf(statement: string): Operation {
  const text = statement.replace(comments, '');
  for (const [operation, pattern] of operations) {
    const match = pattern.exec(text);
    if (match !== null) return { operation, table: match[1] ?? '' };
  }
  return { operation: 'STATEMENT', table: '' };
}
