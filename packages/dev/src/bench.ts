/**
 * Runs the benchmarks: those beside the code (`bench/*.bench.ts`, through vitest) and whole programs
 * (`packages/e2e/bench/<nn>-<name>/`, the packed command against hand-written scripts). A path narrows
 * it to one; `--rounds 3` makes a quick look.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { compare } from './bench/compare.ts';
import { installPacked } from './bench/packed.ts';
import { reportOf } from './bench/report.ts';
import { root } from './workspace.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '7' } },
});
const [wanted = ''] = positionals;
const isWanted = (found: string): boolean => found.startsWith(wanted) || wanted.startsWith(found);

/** The runner's own way of loading puts a call around every import, which would be measured too. */
const plainModules = '--experimental.viteModuleRunner=false';

const beside = globSync('{packages/*,plugins/*/*}/bench/*.bench.ts', { cwd: root }).filter(
  isWanted,
);
const programs = globSync('packages/e2e/bench/*/job.ts', { cwd: root })
  .map((file) => path.dirname(file))
  .filter(isWanted)
  .toSorted();
if (beside.length + programs.length === 0) {
  console.error(`There is no benchmark at ${wanted}.`);
  process.exitCode = 1;
}

if (beside.length > 0) {
  const vitest = path.join(root, 'node_modules/.bin/vitest');
  const { status } = spawnSync(vitest, ['bench', '--run', plainModules, ...beside], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
if (programs.length > 0) {
  const packed = installPacked();
  try {
    for (const folder of programs) {
      const comparison = await compare(
        path.join(root, folder),
        packed.command,
        Number(values.rounds),
      );
      console.log(`\n${reportOf(path.basename(folder), comparison)}`);
      if (!comparison.isSame || comparison.isFarOff) process.exitCode = 1;
    }
  } finally {
    packed.remove();
  }
}
