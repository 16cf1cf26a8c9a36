import { expect, it } from 'vitest';
import { failpoints } from '../src/index.ts';

it('holds the run at the n-th passing of a place', async () => {
  const { failpoint, holdAt, passed } = failpoints();
  const held = holdAt('before-save', 2);
  const run = (async () => {
    await failpoint('before-save');
    await failpoint('after-save');
    await failpoint('before-save');
    return 'over';
  })();

  await held.reached;
  expect(passed).toEqual(['before-save', 'after-save', 'before-save']);
  held.release();

  expect(await run).toBe('over');
});

it('counts from the moment it is asked', async () => {
  const { failpoint, failAt } = failpoints();
  await failpoint('after-send');
  failAt('after-send', new Error('the wire is cut'));

  await expect(failpoint('after-send')).rejects.toThrow('the wire is cut');
  await expect(failpoint('after-send')).resolves.toBeUndefined();
});
