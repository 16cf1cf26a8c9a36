import { Fault } from '@cannectors/core';

/** The record has no such field, or null stands there. */
export function missingList(field: string, record: number): Fault {
  return new Fault('split.missing-list', `split field "${field}" is missing at record ${record}`, {
    category: 'validation',
    hint: 'Let a `condition` keep such records away from `split`, or set its `onError`.',
    pointer: '/field',
    details: { field, record_index: record },
  });
}

/** The field of a record holds something else than a list. */
export function notAList(field: string, type: string, record: number): Fault {
  return new Fault(
    'split.not-a-list',
    `split field is not an array: field "${field}" is ${type} at record ${record}`,
    {
      category: 'validation',
      hint: 'The transform `toArray` of `mapping` makes a list of a single value.',
      pointer: '/field',
      details: { field, record_index: record },
    },
  );
}

/** The new records, each with its share of the old one, would take more memory than is allowed. */
export function tooLarge(elements: number, bytes: number, limit: number): Fault {
  return new Fault(
    'split.too-large',
    `The ${elements} records of one would take some ${bytes} bytes; the limit is ${limit}.`,
    {
      category: 'validation',
      hint: 'Name the fields that the records need in `include`, or raise `memory.maxRecordBytes`.',
      pointer: '/field',
      details: { elements, bytes, limit },
    },
  );
}

/** `include` and `parentKey` both say what of the record is kept. */
export function keptTwice(): Fault {
  return new Fault('split.kept-twice', '`include` and `parentKey` stand together.', {
    category: 'validation',
    hint: 'Keep one of them.',
    pointer: '/parentKey',
  });
}

/** The record and its element would stand under the same key. */
export function sameKey(key: string): Fault {
  return new Fault('split.same-key', `\`itemName\` and \`parentKey\` are both \`${key}\`.`, {
    category: 'validation',
    hint: 'Give one of them another name.',
    pointer: '/parentKey',
  });
}
