import type { Json } from '@cannectors/core';
import { checkItemName, isRecord } from '@cannectors/kit-record';
import { nameInUse } from './faults.ts';

/** Keys of filters that hold filters. What another plugin nests is met when the loop runs. */
const branches = ['filters', 'then', 'else'];

/**
 * Checks the name that nested filters know the element by.
 *
 * @throws `record.item-name`; `loop.name-in-use` when a loop among the nested filters has the same one
 */
export function checkName(itemName: string, filters: readonly unknown[]): void {
  checkItemName(itemName, '/itemName');
  const place = placeOfSame(itemName, filters as Json[], '/filters');
  if (place !== undefined) throw nameInUse(itemName, place);
}

/** JSON pointer of the `itemName` of a loop, at any depth, that has this name. */
function placeOfSame(itemName: string, steps: Json, pointer: string): string | undefined {
  if (!Array.isArray(steps)) return undefined;
  for (const [index, step] of steps.entries()) {
    if (!isRecord(step)) continue;
    const at = `${pointer}/${index}`;
    const { type } = step;
    const isLoop = typeof type === 'string' && /^loop(@|$)/.test(type);
    if (isLoop && step['itemName'] === itemName) return `${at}/itemName`;
    for (const branch of branches) {
      const found = placeOfSame(itemName, step[branch] ?? null, `${at}/${branch}`);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
