import type { Json } from '@cannectors/core';
import { type Checked, duplicateIds, isOutput } from './checks.ts';
import { isRecord } from './json.ts';
import type { SeenModule } from './modules.ts';
import { join } from './pointer.ts';
import type { Found } from './problems.ts';

/**
 * What is allowed and hardly meant. What only a plugin can know it says itself, in the log that it is
 * lent when it is made.
 */
export function warningsOf(checked: Checked): Found[] {
  return [
    ...duplicateIds(checked).flatMap(({ isError, ...found }) => (isError ? [] : [found])),
    ...checked.seen.flatMap(ofModule),
    ...uselessQuorum(checked),
    ...skippedForGood(checked),
  ];
}

function ofModule({ role, said, module }: SeenModule): Found[] {
  const found: Found[] = [];
  const warn = (key: string, message: string): void => {
    found.push({ code: 'config.no-effect', pointer: join(module.pointer, key), message });
  };
  if (role === 'input' && (said['onError'] === 'skip' || said['onError'] === 'log')) {
    warn('onError', 'has no effect: an input that fails ends the run');
  }
  if (said['lag'] !== undefined) {
    warn('lag', 'has no effect yet: an optional output keeps nothing that it missed');
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
    .filter((one) => isOutput(one) && /^(skip|log)$/.test(one.module.onError))
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
