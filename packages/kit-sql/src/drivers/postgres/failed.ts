import type { Failed } from '../../faults.ts';

/** What is known of a statement that is run for its rows, should it fail. */
export function selecting(text: string): Failed {
  return { driver: 'postgres', operation: 'select', statement: text };
}

/** What is known of a statement that is run for its effect, should it fail. */
export function executing(text: string): Failed {
  return { driver: 'postgres', operation: 'exec', statement: text };
}
