import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';

/** Time of the plugin, with the hand-written side as 1. */
let ratios: Record<string, number> = {};

beforeAll(() => {
  const script = fileURLToPath(new URL('readers.ts', import.meta.url));
  ratios = JSON.parse(
    execFileSync(process.execPath, [script], { encoding: 'utf8' }),
  ) as typeof ratios;
  console.log('time of the plugin, by hand = 1', ratios);
}, 300_000);

it('reads lines as fast as readline', () => {
  expect(ratios['a.ndjson']).toBeLessThan(1.25);
});

it('reads a list nearly as fast as who takes the whole file', () => {
  expect(ratios['a.json']).toBeLessThan(1.6);
});

it('reads rows at least twice as fast as csv-parse', () => {
  expect(ratios['a.csv']).toBeLessThan(0.5);
});
