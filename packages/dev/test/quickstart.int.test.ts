import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

it('the quickstart ends in a database that answers', async () => {
  const program = path.resolve(import.meta.dirname, '../src/quickstart.ts');
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');

  const shown = await text(child.stdout);

  expect(await exited).toEqual([0, null]);
  expect(shown).toContain('2988 movies in');
  expect(shown).toMatch(/genre\s+movies\s+rating\s+billion \$/);
  expect(shown).toMatch(/\n {2}adventure\s+\d+\s+\d\.\d\s+\d+/);
  expect(shown).toContain('67 movies made 500 million or more');
}, 120_000);
