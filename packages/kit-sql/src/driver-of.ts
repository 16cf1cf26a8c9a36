import type { Driver } from './database.ts';

/** The signs of a driver, in the order in which they count. */
const signs: readonly (readonly [RegExp, Driver])[] = [
  [/^postgres(?:ql)?:\/\//i, 'postgres'],
  [/^file:|\.db$|\.sqlite$/i, 'sqlite'],
  [/@(?:tcp|unix)\(/i, 'mysql'],
  [/^(?:mysql|mariadb):\/\//i, 'mysql'],
  // Not the scheme of another database.
  [/^[^:]+:(?!\/\/)[^@]+@[^/]+\//, 'mysql'],
];

/**
 * Tells the driver from an address. `undefined`: it could be any.
 *
 * @see spec/connectors/database.md, section 2.1
 */
export function driverOf(connectionString: string): Driver | undefined {
  return signs.find(([sign]) => sign.test(connectionString))?.[1];
}
