import { createHash } from 'node:crypto';
import { type Item, itemOf, type Meta } from '@cannectors/core';

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
  return items.map(({ record }, index) => itemOf(record, new LateId(base, index)));
}

/**
 * A `meta` whose `id` is made when it is read. No getter in a literal: V8 keeps what one closes over,
 * here the delivery, until a full collection. All of these share one.
 */
class LateId implements Meta {
  readonly [fact: string]: string;
  declare readonly id: string;
  readonly #base: () => string;
  readonly #index: number;
  static readonly #id: PropertyDescriptor & ThisType<LateId> = {
    enumerable: true,
    get() {
      return this.#index === 0 ? this.#base() : `${this.#base()}#${this.#index}`;
    },
  };

  constructor(base: () => string, index: number) {
    this.#base = base;
    this.#index = index;
    Object.defineProperty(this, 'id', LateId.#id);
  }
}

function hashOf(position: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of position) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 32);
}
