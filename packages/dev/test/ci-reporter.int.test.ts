import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../src/workspace.ts';
import { folderWith } from './workspace.ts';

it('names what was skipped and why, and counts on the last line', async () => {
  const folder = folderWith({
    'some.test.mjs': `
      import { expect, it } from '${path.join(root, 'packages/dev/node_modules/vitest/dist/index.js')}';
      it('passes', () => expect(1).toBe(1));
      it('needs a database', (context) => context.skip('there is none'));
      it.skip('says nothing', () => undefined);
    `,
  });
  const reporter = path.join(root, 'packages/dev/src/ci-reporter.ts');

  const { stdout } = await promisify(execFile)(
    path.join(root, 'node_modules/.bin/vitest'),
    ['run', '--root', folder, '--reporter', reporter],
    { env: { ...process.env, NO_COLOR: '1' } },
  );

  expect(stdout).toContain('2 SKIPPED');
  expect(stdout).toContain('some.test.mjs > needs a database\n    there is none');
  expect(stdout).toContain('some.test.mjs > says nothing\n    NO REASON IS GIVEN');
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 passed, 0 failed, 2 skipped');
});
