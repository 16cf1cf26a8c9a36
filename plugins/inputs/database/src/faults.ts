import { Fault } from '@cannectors/core';

/** A page gives no place where the next one begins: the fetch would start again, or never end. */
export function noNextPage(column: string, problem: 'missing' | 'null' | 'unchanged'): Fault {
  const what = {
    missing: `The query returns no column \`${column}\``,
    null: `The last row of a page has null in \`${column}\``,
    unchanged: `The last row of a page has the same \`${column}\` as that of the page before`,
  };
  return new Fault(
    'database.no-next-page',
    `${what[problem]}, so the next page has no beginning.`,
    {
      category: 'validation',
      hint: 'Select the column, sort by it, and choose one that is unique and never null.',
      pointer: '/pagination/cursorField',
    },
  );
}

/** Pages by cursor need a place in the query for it. */
export function cursorUnused(): Fault {
  return new Fault(
    'database.cursor-unused',
    'No parameter refers to `pagination`, so every page would be the first.',
    {
      category: 'validation',
      hint: 'Add `parameters: [pagination.cursor, pagination.limit]` and use them in the query.',
      pointer: '/parameters',
    },
  );
}

/** `LIMIT` cannot be put behind the query. */
export function openEnd(ending: 'comment' | 'semicolon'): Fault {
  return new Fault(
    'database.open-end',
    `The query ends in a ${ending}, so \`LIMIT\` and \`OFFSET\` cannot be appended.`,
    {
      category: 'validation',
      hint: 'Remove it, or place them yourself: `parameters: [pagination.limit, pagination.offset]`.',
      pointer: '/query',
    },
  );
}

/** The older and the newer form of what is remembered stand side by side. */
export function twoMemories(): Fault {
  return new Fault(
    'database.two-memories',
    '`incremental` and `statePersistence` are two forms of one thing.',
    {
      category: 'validation',
      hint: 'Keep `statePersistence`, and remove `incremental`.',
      pointer: '/incremental',
    },
  );
}
