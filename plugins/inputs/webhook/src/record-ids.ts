import { createHash } from 'node:crypto';

/**
 * Makes the ids of the records of one delivery: the same whenever it comes again.
 *
 * @see spec/runtime/coordinator.md, section 8
 */
export function recordIds(...position: readonly (string | Buffer)[]): (index: number) => string {
  const hash = createHash('sha256');
  for (const part of position) hash.update(part).update('\0');
  const id = hash.digest('hex').slice(0, 32);
  return (index) => (index === 0 ? id : `${id}#${index}`);
}
