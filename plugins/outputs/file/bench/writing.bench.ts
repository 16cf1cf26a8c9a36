import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('writes lines as fast as a stream does', () => {
  const script = fileURLToPath(new URL('writers.ts', import.meta.url));
  const ratio = Number(execFileSync(process.execPath, [script], { encoding: 'utf8' }));
  console.log('time of the plugin, by hand = 1', ratio);

  expect(ratio).toBeLessThan(1.25);
}, 300_000);
