// Rows of CSV as RFC 4180 has them: text to fields and back, and where a row ends among bytes.
// The fields of a config that say how a file is written are behind the other door, `./config`.
export { fieldsOf } from './fields-of.ts';
export { rowScanner, type RowScanner } from './row-scanner.ts';
export { rowText } from './row-text.ts';
