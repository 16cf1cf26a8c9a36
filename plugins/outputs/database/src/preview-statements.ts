import type { Item, Json, Preview } from '@cannectors/core';
import type { BoundStatement, Statement } from '@cannectors/kit-sql';
import { previewFailed } from './faults.ts';
import type { PreviewAddress } from './form.ts';
import { operationOf } from './operation-of.ts';
import { shown } from './preview-rows.ts';

/** The distinct statements of a batch, in the order in which they come up, with the values of each. */
export function previewStatements(
  items: readonly Item[],
  { driver, target }: PreviewAddress,
  statement: Statement,
  transaction: boolean,
): Preview[] {
  const groups = new Map<string, { expressions: readonly string[]; rows: Json[][] }>();
  for (const [index, { record }] of items.entries()) {
    const { text, values, expressions } = bound(statement, driver, record, index);
    const group = groups.get(text) ?? { expressions, rows: [] };
    groups.set(text, group);
    group.rows.push([...values]);
  }
  return [...groups].map(([text, { expressions, rows }]) => {
    const { operation, table } = operationOf(text);
    return {
      kind: 'sql',
      title: [operation, table].join(' ').trimEnd(),
      record_count: rows.length,
      sql: {
        driver,
        target,
        operation,
        table,
        statement: text.trim(),
        parameters: [...expressions],
        ...shown(rows),
        transaction,
      },
    };
  });
}

function bound(
  statement: Statement,
  driver: PreviewAddress['driver'],
  record: Item['record'],
  index: number,
): BoundStatement {
  try {
    return statement.bind(driver, { record });
  } catch (error) {
    throw previewFailed(index, error);
  }
}
