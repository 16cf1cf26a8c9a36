import { Fault } from '@cannectors/core';

/** The field of a record holds something else than a list. */
export function notAList(field: string, type: string, record: number): Fault {
  return new Fault(
    'loop.not-a-list',
    `loop field is not an array: field "${field}" is ${type} at record ${record}`,
    {
      category: 'validation',
      hint: 'Name a field that holds a list; a record without the field passes unchanged.',
      pointer: '/field',
      details: { field, record_index: record },
    },
  );
}

/** The nested filters made several records of one element: a list has no place for them. */
export function manyRecords(item: number): Fault {
  return new Fault(
    'loop.many-records',
    `loop nested filters returned more than one record for an item: item ${item}`,
    {
      category: 'validation',
      hint: 'Use `split` outside the loop to make records of elements.',
      pointer: '/filters',
      details: { item_index: item },
    },
  );
}

/** An element that was no object has become one: a nested filter wrote to a field below it. */
export function madeObject(itemName: string, item: number): Fault {
  return new Fault(
    'loop.made-object',
    `loop nested filters cannot write sub-fields on a non-object item: item ${item}`,
    {
      category: 'validation',
      hint: `Write to \`${itemName}\` itself, or loop over a list of objects.`,
      pointer: '/filters',
      details: { item_index: item },
    },
  );
}

/** A nested filter changed the place where the loop says which element it is at. */
export function loopIsReadOnly(item: number): Fault {
  return new Fault(
    'loop.read-only',
    `nested filters wrote to _metadata.loop which is read-only: item ${item}`,
    {
      category: 'validation',
      hint: 'Write to another key, as in `target: _metadata.position`.',
      pointer: '/filters',
      details: { item_index: item },
    },
  );
}

/** A loop inside a loop uses the same name for its elements. */
export function nameInUse(itemName: string, pointer: string): Fault {
  return new Fault('loop.name-in-use', `The name \`${itemName}\` is that of a loop around it.`, {
    category: 'validation',
    hint: 'Give the elements of the inner loop another name.',
    pointer,
  });
}

/** The fault of a nested filter as the loop's own: it says at which element, all else stays. */
export function failedAt(cause: Fault, item: number): Fault {
  const { code, category, retry, hint, statusCode, details } = cause;
  return new Fault(code, `nested filters failed at item ${item}: ${cause.message}`, {
    category,
    retry,
    ...(hint !== undefined && { hint }),
    ...(statusCode !== undefined && { statusCode }),
    pointer: '/filters',
    details: { ...details, item_index: item },
    cause,
  });
}
