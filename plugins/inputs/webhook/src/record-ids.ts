import { createHash } from 'node:crypto';
import { type Item, itemOf } from '@cannectors/core';

/**
 * Gives the records of one delivery ids: the same whenever it comes again.
 *
 * They are made when somebody asks: most pipelines need none, and they cost more than the rest.
 *
 * @see spec/runtime/coordinator.md, section 8
 */
export function withIds(items: readonly Item[], ...position: readonly (string | Buffer)[]): Item[] {
  let made: string | undefined;
  const base = (): string => (made ??= hashOf(position));
  return items.map(({ record }, index) =>
    itemOf(record, {
      get id() {
        return index === 0 ? base() : `${base()}#${index}`;
      },
    }),
  );
}

function hashOf(position: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of position) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 32);
}
