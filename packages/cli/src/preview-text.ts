import type { Json, Preview } from '@cannectors/core';
import type { OutputPreview } from '@cannectors/core/run';
import { jsonText } from './json-text.ts';
import { printable } from './printable.ts';
import { count } from './quantity.ts';
import type { Paint } from './terminal.ts';

/** How much of an operation is shown. */
interface Bounds {
  readonly bodyLines: number;
  readonly rows: number;
  readonly valueLength: number;
}

const compact: Bounds = { bodyLines: 10, rows: 5, valueLength: 60 };
const complete: Bounds = { bodyLines: Infinity, rows: Infinity, valueLength: Infinity };

/** What a dry run would have sent, for people; empty when there was nothing to send. */
export function previewText(
  previews: readonly OutputPreview[],
  paint: Paint,
  isVerbose: boolean,
): string {
  const bounds = isVerbose ? complete : compact;
  const blocks = previews
    .filter(({ records }) => records > 0)
    .map((preview) => outputBlock(preview, paint, bounds, previews.length > 1));
  if (blocks.length === 0) return '';
  return [
    paint('bold', 'Preview: what would be sent'),
    ...blocks,
    '  Dry run: nothing was sent or written to the target system.',
  ].join('\n');
}

function outputBlock(
  { output, records, operations, operations_omitted, unsupported, error }: OutputPreview,
  paint: Paint,
  bounds: Bounds,
  isOneOfSeveral: boolean,
): string {
  const lines = isOneOfSeveral
    ? [printable(`  output ${output}: ${count(records, 'record')}`)]
    : [];
  for (const operation of operations) {
    const [head = '', ...rest] = operationLines(operation, bounds).map(printable);
    lines.push(`  ${paint('cyan', head)}`, ...rest.map((line) => `    ${line}`.trimEnd()));
  }
  if (operations_omitted) lines.push(`  … ${count(operations_omitted, 'more operation')}`);
  if (unsupported) lines.push('  This output has no preview.');
  if (error !== undefined) lines.push(printable(`  No preview: ${error}`));
  return lines.join('\n');
}

function operationLines(operation: Preview, bounds: Bounds): string[] {
  const { title, record_count, http, sql, detail } = operation;
  const records = record_count === undefined ? [] : [count(record_count, 'record')];
  if (http !== undefined) {
    const headers = Object.entries(http.headers).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return [
      [`${http.method} ${http.endpoint}`, ...records].join('  '),
      ...headers.map(([name, value]) => `${name}: ${value}`),
      ...bodyLines(http.body_preview, bounds),
    ];
  }
  if (sql !== undefined) return sqlLines(sql, records, bounds);
  return [[title, ...records].join('  '), ...bodyLines(detail, bounds)];
}

function bodyLines(body: Json | undefined, { bodyLines: max }: Bounds): string[] {
  if (body === undefined || body === '') return [];
  const all = (typeof body === 'string' ? body : jsonText(body, 2)).split('\n');
  const hidden = all.length - max;
  return [...all.slice(0, max), ...(hidden > 0 ? [`… ${count(hidden, 'more line')}`] : [])];
}

function sqlLines(
  sql: NonNullable<Preview['sql']>,
  records: readonly string[],
  { rows: maxRows, valueLength }: Bounds,
): string[] {
  const text = (key: string) => (sql[key] === undefined ? [] : [textOf(sql[key])]);
  const list = (key: string) => (Array.isArray(sql[key]) ? sql[key] : []);
  const parameters = list('parameters').map(textOf);
  const rows = list('rows');
  const hidden = Math.max(0, rows.length - maxRows) + Number(sql['rows_omitted'] ?? 0);
  return [
    [[...text('operation'), ...text('table')].join(' '), ...text('driver'), ...records].join('  '),
    ...text('target').map((target) => `target: ${target}`),
    ...text('transaction').map((transaction) => `transaction: ${transaction}`),
    ...text('statement').flatMap((statement) => statement.split('\n')),
    ...(parameters.length > 0 ? [`parameters: ${parameters.join(', ')}`] : []),
    ...rows.slice(0, maxRows).map((row, index) => {
      const values = Array.isArray(row) ? row : [row];
      return `${index + 1}: ${values.map((value) => valueText(value, valueLength)).join(', ')}`;
    }),
    ...(hidden > 0 ? [`… ${count(hidden, 'more row')}`] : []),
  ];
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : jsonText(value);
}

function valueText(value: Json, max: number): string {
  const text = value === null ? 'NULL' : jsonText(value);
  return text.length > max ? `${text.slice(0, max)}…` : text;
}
