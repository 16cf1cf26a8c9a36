/**
 * Writes fields as a row, with a line break (LF) behind it. Quoted are fields that hold the delimiter,
 * a quote or a line break, and an empty field that is the only one: an empty line is no row.
 *
 * @see RFC 4180, section 2
 */
export function rowText(fields: readonly string[], delimiter: string): string {
  if (fields.length === 1 && fields[0] === '') return '""\n';
  let row = '';
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] ?? '';
    if (index > 0) row += delimiter;
    row += needsQuotes(field, delimiter) ? `"${field.replaceAll('"', '""')}"` : field;
  }
  return `${row}\n`;
}

function needsQuotes(field: string, delimiter: string): boolean {
  return (
    field.includes(delimiter) || field.includes('"') || field.includes('\n') || field.includes('\r')
  );
}
