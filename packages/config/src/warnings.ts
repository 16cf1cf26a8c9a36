import type { Json } from '@cannectors/core';
import { type Checked, duplicateIds } from './checks.ts';
import { isRecord } from './json.ts';
import type { SeenModule } from './modules.ts';
import { join } from './pointer.ts';
import type { Found } from './problems.ts';

/** What is allowed and hardly meant. */
export function warningsOf(checked: Checked): Found[] {
  return [
    ...duplicateIds(checked).flatMap(({ isError, ...found }) => (isError ? [] : [found])),
    ...checked.seen.flatMap(ofModule),
    ...uselessQuorum(checked),
    ...skippedForGood(checked),
  ];
}

function ofModule({ role, said, module }: SeenModule): Found[] {
  const { type, config, pointer } = module;
  const found: Found[] = [];
  const warn = (place: string, message: string, code = 'config.no-effect'): void => {
    found.push({ code, pointer: pointer + place, message });
  };
  if (role === 'input' && (said['onError'] === 'skip' || said['onError'] === 'log')) {
    warn('/onError', 'has no effect: an input that fails ends the run');
  }
  if (said['lag'] !== undefined) {
    warn('/lag', 'has no effect yet: an optional output keeps nothing that it missed');
  }
  const retry = config['retry'];
  if (/^soap/i.test(type) && isRecord(retry) && (retry['retryHintFromBody'] ?? '') !== '') {
    warn('/retry/retryHintFromBody', 'has no effect: a SOAP body is no JSON');
  }
  const queue = config['queue'];
  if (config['queueSize'] !== undefined && isRecord(queue) && queue['durable'] === false) {
    warn(
      '/queueSize',
      'accepted deliveries are kept at most once: the queue is not durable',
      'config.at-most-once',
    );
  }
  const query = config['query'];
  if (role === 'input' && hasCursor(config['statePersistence']) && isLimitedAfter(query)) {
    warn(
      '/query',
      'with `LIMIT` and a strict `>` records that share the last value are missed',
      'config.may-miss-records',
    );
  }
  return found;
}

function uselessQuorum({ draft, options }: Checked): Found[] {
  const { commitPolicy } = options;
  if (commitPolicy.mode === 'quorum' || !Object.hasOwn(commitPolicy, 'quorum')) return [];
  return [
    {
      code: 'config.no-effect',
      pointer: join(draft.pointerOf('commitPolicy'), 'quorum'),
      message: 'has no effect without `mode: quorum`',
    },
  ];
}

/** A record that was skipped in an outage is done, and the cursor passes it. */
function skippedForGood({ seen, options }: Checked): Found[] {
  const input = seen.find(({ role }) => role === 'input')?.module;
  const isSettled = options.onErrorScope === 'all';
  if (!isSettled || !hasCursor(input?.config['statePersistence'])) return [];
  return seen
    .filter(
      ({ role, module: { onError } }) =>
        role !== 'input' && role !== 'filter' && (onError === 'skip' || onError === 'log'),
    )
    .map(({ module }) => ({
      code: 'config.may-miss-records',
      pointer: join(module.pointer, 'onError'),
      message: `with \`onError: ${module.onError}\` the cursor passes records that an outage kept from being sent`,
      hint: 'Write `onErrorScope: records` to have them read again.',
    }));
}

function hasCursor(persistence: Json | undefined): boolean {
  return (
    isRecord(persistence) &&
    Object.values(persistence).some((cursor) => isRecord(cursor) && cursor['enabled'] === true)
  );
}

function isLimitedAfter(query: Json | undefined): boolean {
  return typeof query === 'string' && /\blimit\b/i.test(query) && /[^<>]>\s*(?![=>])/.test(query);
}
