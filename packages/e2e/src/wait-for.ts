import { setTimeout as sleep } from 'node:timers/promises';

const limitMs = 20_000;

/** Waits for a condition; says what it waited for when the limit passes. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  what: () => string,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${what()}`);
    await sleep(10);
  }
}
