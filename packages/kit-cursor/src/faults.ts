import { Fault } from '@cannectors/core';

/** A record has no usable value for a cursor, and `onMissing` is `error`. */
export function missingValue(cursor: string, field: string, index: number): Fault {
  return new Fault(
    'cursor.missing-value',
    `Record ${index} has no usable value in \`${field}\`, which the ${cursor} cursor reads.`,
    {
      category: 'validation',
      hint: 'Correct the source, or set `onMissing: ignore` to pass over such records.',
      details: { field, record_index: index },
    },
  );
}

/** A template reads a state variable that does not exist. */
export function unknownState(name: string, known: readonly string[], pointer: string): Fault {
  return new Fault(
    'cursor.unknown-state',
    `There is no \`state.${name}\`; the state variables are ${known.map((one) => `\`${one}\``).join(', ')}.`,
    { category: 'validation', pointer },
  );
}

/** The checkpoint that an input was started with is none of a cursor input. */
export function badCheckpoint(key: string, expected: string): Fault {
  return new Fault('cursor.bad-checkpoint', `\`${key}\` of the stored state is not ${expected}.`, {
    category: 'validation',
    hint: 'Repair the state file, or delete it to read everything again.',
  });
}
