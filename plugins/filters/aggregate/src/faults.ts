import { Fault } from '@cannectors/core';

/** A filter before this one has failed on the record, and marked it. */
export function markedMember(): Fault {
  return new Fault('aggregate.marked-record', 'The record carries error markers.', {
    category: 'validation',
    hint: 'Route or drop marked records before `aggregate`, or set its `onError`.',
  });
}

/** A value is to be added, and is no number. */
export function notANumber(field: string, type: string): Fault {
  return new Fault(
    'aggregate.not-a-number',
    `The sum of \`${field}\` meets a value of type ${type}.`,
    {
      category: 'validation',
      hint: 'Convert the field before, with the transform `toFloat` or `toInt` of `mapping`.',
      pointer: '/fields',
      details: { field },
    },
  );
}

/** Two values cannot be compared: a number with a text, or what is neither. */
export function notComparable(field: string, type: string, other: string): Fault {
  return new Fault(
    'aggregate.not-comparable',
    `A value of \`${field}\` of type ${type} cannot be compared with ${other}.`,
    {
      category: 'validation',
      hint: 'Convert the field before, with a transform of `mapping`.',
      pointer: '/fields',
      details: { field },
    },
  );
}

/** The field that says when a record happened is missing, or holds no date. */
export function noTime(field: string): Fault {
  return new Fault('aggregate.no-time', `The field \`${field}\` holds no date.`, {
    category: 'validation',
    hint: 'Write dates as in `2026-01-15T10:30:00Z`, or as milliseconds since 1970.',
    pointer: '/window/field',
    details: { field },
  });
}

/** The groups hold as much as they may, and a record finds no place. */
export function overflow(limit: number): Fault {
  return new Fault('aggregate.overflow', `The groups hold ${limit} records and values already.`, {
    category: 'validation',
    hint: 'Raise `maxBuffered`, set `maxSize`, or let `onOverflow: flush` give what there is.',
    pointer: '/maxBuffered',
    details: { limit },
  });
}
