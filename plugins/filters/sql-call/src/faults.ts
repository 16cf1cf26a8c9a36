import { Fault } from '@cannectors/core';
import type { NoKeyList } from '@cannectors/kit-sql';

const reasons: Readonly<Record<NoKeyList | 'writing', string>> = {
  none: 'has no `IN ($1)`',
  several: 'has more than one list `IN (…)` with parameters',
  negated: 'says `NOT IN`, so that a row belongs to no key',
  long: 'has a list of several keys',
  shared: 'uses a parameter of the key a second time',
  cut: 'cuts its result (`LIMIT`, `OFFSET`, `FETCH`), which would be the result of many keys',
  writing: 'is no SELECT',
};

/** `lookup` is set, and the query is none that looks rows up by one list of keys. */
export function noLookup(reason: keyof typeof reasons, pointer: string): Fault {
  return new Fault(
    'sql-call.no-lookup',
    `The query ${reasons[reason]}: many records cannot be asked for at a time.`,
    {
      category: 'validation',
      hint: 'Write the key as `id IN ($1)` or `(id, country) IN (($1, $2))`, or remove `lookup`. The first row of each key is taken.',
      pointer,
    },
  );
}

/** `lookup.key` names more or fewer columns than the key in the query has values. */
export function keyMismatch(columns: number, values: number): Fault {
  return new Fault(
    'sql-call.key-mismatch',
    `\`lookup.key\` names ${counted(columns, 'column')}, the key in the query has ${counted(values, 'value')}.`,
    {
      category: 'validation',
      hint: 'Name one column of the result for each parameter of the list.',
      pointer: '/lookup/key',
    },
  );
}

/** The rows do not tell which key they belong to. */
export function noKeyColumn(column: string, index: number): Fault {
  return new Fault('sql-call.no-key-column', `The query returns no column \`${column}\`.`, {
    category: 'validation',
    hint: 'Select the columns that `lookup.key` names.',
    pointer: `/lookup/key/${index}`,
  });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
