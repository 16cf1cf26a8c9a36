import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measure } from '../src/bench/measure.ts';
import { installPacked } from '../src/bench/packed.ts';

/** The packed program beside an empty Node script: medians of 15 runs, taken in turns. */
const rounds = 15;
const folder = mkdtempSync(path.join(tmpdir(), 'cannectors-start-'));
let packed: ReturnType<typeof installPacked>;

beforeAll(() => {
  packed = installPacked();
  writeFileSync(path.join(folder, 'empty.mjs'), '');
  writeFileSync(
    path.join(folder, 'pipeline.yaml'),
    `name: orders
input: { type: httpPolling, endpoint: "https://api.example.com/orders", dataField: data }
filters:
  - { type: mapping, mappings: [{ source: a, target: b, transforms: [{ op: trim }] }] }
output: { type: httpRequest, endpoint: "https://crm.example.com/orders" }
`,
  );
}, 300_000);

afterAll(() => {
  packed.remove();
  rmSync(folder, { recursive: true });
});

it.each([
  ['version', ['version'], 1.7],
  ['validate', ['validate', 'pipeline.yaml'], 2.5],
])('%s starts in a few times what Node takes', { timeout: 120_000 }, async (name, given, goal) => {
  const env = { NODE_COMPILE_CACHE: path.join(folder, 'cache') };
  const times = { empty: [] as number[], command: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const empty = await measure([path.join(folder, 'empty.mjs')], { folder, env });
    const command = await measure([packed.command, ...given], { folder, env });
    if (round === 0) continue;
    times.empty.push(empty.wallMs);
    times.command.push(command.wallMs);
  }

  const ratio = median(times.command) / median(times.empty);

  console.log(
    `${name}: ${median(times.command).toFixed(0)} ms, an empty script ${median(times.empty).toFixed(0)} ms, ratio ${ratio.toFixed(2)} (goal ${goal})`,
  );
  expect(ratio).toBeLessThan(goal * 1.25);
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
