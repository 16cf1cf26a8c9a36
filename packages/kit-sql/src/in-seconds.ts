import type { Block } from './database.ts';

const fraction = /(:\d\d)\.\d+/;

/**
 * Drops the fractions of a second from the instants of a block, in place: `timestamps: seconds`.
 * Cursors take their values before.
 *
 * @see spec/connectors/database.md, section 7
 */
export function inSeconds({ records, instants }: Block): void {
  for (const column of instants) {
    for (const record of records) {
      const value = record[column];
      if (typeof value === 'string') record[column] = value.replace(fraction, '$1');
    }
  }
}
