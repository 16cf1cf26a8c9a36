import type { Json } from '@cannectors/core';
import type { Bulk, BulkPlan } from '../../database.ts';
import { quoted, quotedTable } from '../../identifiers.ts';
import type { BulkMeans } from './bulk.ts';
import { cellText } from './cell.ts';
import { copyIn } from './copy-in.ts';
import { executing } from './failed.ts';
import type { Column } from './table.ts';

/** Characters that are sent at once. One row at a time costs five times as much. */
const chunkLength = 65_536;

/** Adds rows with `COPY`. */
export function bulkCopy(
  { client, within, binary }: BulkMeans,
  plan: BulkPlan,
  columns: readonly Column[],
): Bulk {
  const names = columns.map(({ name }) => quoted(name, 'postgres')).join(', ');
  const command = `COPY ${quotedTable(plan.table, 'postgres')} (${names}) FROM STDIN`;
  const kinds = columns.map(({ kind }) => kind);

  return {
    async write(rows, signal) {
      if (rows.length === 0) return;
      await within(executing(command), signal, (progress) =>
        copyIn(client, command, chunksOf(rows), progress),
      );
    },
  };

  function* chunksOf(rows: readonly (readonly Json[])[]): Generator<string> {
    let chunk = '';
    for (const row of rows) {
      chunk += lineOf(row);
      if (chunk.length < chunkLength) continue;
      yield chunk;
      chunk = '';
    }
    if (chunk !== '') yield chunk;
  }

  function lineOf(row: readonly Json[]): string {
    let line = '';
    for (let index = 0; index < kinds.length; index++) {
      if (index > 0) line += '\t';
      const value = row[index] ?? null;
      if (value === null) line += String.raw`\N`;
      else if (typeof value === 'number') line += value;
      else line += escaped(cellText(value, kinds[index] ?? 'other', binary));
    }
    return `${line}\n`;
  }
}

const special = /[\\\t\n\r]/;
const everySpecial = /[\\\t\n\r]/g;
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

function escaped(text: string): string {
  return special.test(text) ? text.replace(everySpecial, (sign) => escapes[sign] ?? sign) : text;
}
