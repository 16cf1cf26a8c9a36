import type { Driver } from '../database.ts';
import { foreignMark } from './faults.ts';
import { partsOf } from './placeholders.ts';

/** A statement in the words of its driver. */
export interface Plan {
  readonly text: string;
  /** For each value that is sent, which parameter it is; from 0. */
  readonly order: readonly number[];
}

/**
 * Writes `$N` as the driver wants it.
 *
 * PostgreSQL: numbered by first appearance, and used again. MySQL and SQLite: a `?` for each.
 *
 * @throws `sql.foreign-mark`
 * @see spec/connectors/templates-and-expressions.md, section 5.1
 */
export function planOf(sql: string, driver: Driver, pointer: string): Plan {
  const order: number[] = [];
  let text = '';
  let copied = 0;
  for (const { kind, from, to, number } of partsOf(sql, driver)) {
    if (kind === 'mark') throw foreignMark(sql.slice(from, to), driver, pointer);
    if (kind !== 'placeholder') continue;
    text += sql.slice(copied, from) + sign(order, number - 1, driver);
    copied = to;
  }
  return { text: text + sql.slice(copied), order };
}

function sign(order: number[], parameter: number, driver: Driver): string {
  if (driver !== 'postgres') {
    order.push(parameter);
    return '?';
  }
  const known = order.indexOf(parameter);
  return `$${known < 0 ? order.push(parameter) : known + 1}`;
}
