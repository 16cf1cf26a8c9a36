import type { Log } from '@cannectors/core';
import type { StatePersistence } from '@cannectors/kit-cursor';
import type { Config } from './config.ts';
import { twoMemories } from './faults.ts';

/**
 * What the input remembers, also in the older form of it.
 *
 * @throws `database.two-memories`
 * @see spec/connectors/state.md, section 1
 */
export function persistenceOf(
  { statePersistence, incremental }: Config,
  log: Log,
): StatePersistence | undefined {
  if (incremental === undefined) return statePersistence;
  if (statePersistence !== undefined) throw twoMemories();
  log.warn('`incremental` is deprecated: use `statePersistence`', { pointer: '/incremental' });
  if (!incremental.enabled) return undefined;
  const { timestampField, idField } = incremental;
  return {
    ordered: false,
    onMissing: 'ignore',
    overlapMs: 0,
    ...(timestampField !== undefined && { timestamp: { enabled: true, field: timestampField } }),
    ...(idField !== undefined && { id: { enabled: true, field: idField } }),
  };
}

/**
 * The values of `$1` and `$2` of a query without `parameters`: what is stored, null on the first run.
 *
 * @see spec/connectors/state.md, section 5
 */
export function impliedParameters({ timestamp, id }: Partial<StatePersistence> = {}): string[] {
  return [
    ...(timestamp?.enabled === true ? ['state.timestamp'] : []),
    ...(id?.enabled === true ? ['state.id'] : []),
  ];
}
