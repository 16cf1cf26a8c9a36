import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import type { Job, Prepared } from './job.ts';
import { type Measured, measure } from './measure.ts';

/** How far below its goal a ratio may be on a loaded machine before it is a failure. */
const tolerance = 0.75;

/** The runs of one program: the command, or a script. */
export interface Contender {
  readonly name: string;
  readonly runs: readonly Measured[];
  /** Hash of what each run wrote. */
  readonly hashes: readonly string[];
}

/** The command against one script. */
export interface Duel {
  readonly script: Contender;
  readonly goal: number;
  /** Time of the script over the time of the command: above 1 the command is faster. */
  readonly ratio: number;
  readonly cpuRatio: number;
}

export interface Comparison {
  readonly title: string;
  readonly command: Contender;
  readonly duels: readonly Duel[];
  /** Every run wrote the same. */
  readonly isSame: boolean;
  /** A ratio is more than a quarter below its goal. */
  readonly isFarOff: boolean;
}

/**
 * Lets the command and the scripts of a job take turns, each run in a process of its own. The first
 * round warms caches and does not count; the order is turned round by round.
 *
 * @param command path of the program that is measured
 */
export async function compare(
  folder: string,
  command: string,
  rounds: number,
): Promise<Comparison> {
  const { job } = (await import(pathToFileURL(path.join(folder, 'job.ts')).href)) as { job: Job };
  const work = mkdtempSync(path.join(tmpdir(), 'cannectors-bench-'));
  const prepared = await job.prepare(work);
  try {
    const programs: [string, string[]][] = [
      ['cannectors', [command, 'run', '--quiet', path.join(folder, 'pipeline.yaml')]],
      ...Object.entries(job.byHand).map(([name, { script }]): [string, string[]] => [
        name,
        [path.join(folder, script)],
      ]),
    ];
    const results = new Map(
      programs.map(([name]) => [name, { runs: [] as Measured[], hashes: [] as string[] }]),
    );
    for (let round = 0; round <= rounds; round++) {
      for (const [name, given] of round % 2 === 0 ? programs : programs.toReversed()) {
        const result = await oneRun(given, work, prepared);
        if (round === 0) continue;
        results.get(name)?.runs.push(result.measured);
        results.get(name)?.hashes.push(result.hash);
      }
    }
    const [mine, ...scripts] = [...results].map(([name, result]): Contender => ({
      name,
      ...result,
    }));
    return judged(job, mine as Contender, scripts);
  } finally {
    await prepared.close?.();
    rmSync(work, { recursive: true });
  }
}

/** Puts the results side by side. */
export function judged(
  job: Pick<Job, 'title' | 'byHand'>,
  command: Contender,
  scripts: readonly Contender[],
): Comparison {
  const duels = scripts.map((script): Duel => ({
    script,
    goal: job.byHand[script.name]?.goal ?? 0,
    ratio: medianOf(script, 'wallMs') / medianOf(command, 'wallMs'),
    cpuRatio: medianOf(script, 'cpuMs') / medianOf(command, 'cpuMs'),
  }));
  const hashes = new Set([command, ...scripts].flatMap((one) => one.hashes));
  return {
    title: job.title,
    command,
    duels,
    isSame: hashes.size === 1,
    isFarOff: duels.some(({ ratio, goal }) => ratio < goal * tolerance),
  };
}

/** The middle of what the runs took. */
export function medianOf({ runs }: Contender, what: keyof Measured): number {
  const sorted = runs.map((run) => run[what]).toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (low + high) / 2;
}

async function oneRun(
  given: readonly string[],
  work: string,
  prepared: Prepared,
): Promise<{ measured: Measured; hash: string }> {
  const out = path.join(work, 'out');
  rmSync(out, { force: true });
  rmSync(path.join(work, '.cannectors-state'), { recursive: true, force: true });
  await prepared.reset?.();
  const measured = await measure(given, { folder: work, env: { ...prepared.env, OUT: out } });
  return { measured, hash: await (prepared.written?.() ?? hashOf(out)) };
}

async function hashOf(file: string): Promise<string> {
  if (!existsSync(file)) return 'nothing was written';
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
