import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare, type Contender, judged, medianOf } from '../src/bench/compare.ts';
import { reportOf } from '../src/bench/report.ts';
import { folderWith } from './workspace.ts';

const writes = (text: string): string => `
import { writeFileSync } from 'node:fs';
writeFileSync(process.env.OUT, process.env.TEXT + ${JSON.stringify(text)});
`;

/** A job whose command and script write what they are told to. */
function jobFolder(byCommand: string, byHand: string): string {
  return folderWith({
    'bin.js': writes(byCommand),
    'hand.js': writes(byHand),
    'pipeline.yaml': '',
    'job.ts': `
export const job = {
  title: 'write a word',
  byHand: { hand: { script: 'hand.js', goal: 0.01 } },
  async prepare() { return { env: { TEXT: 'hello ' } }; },
};
`,
  });
}

function contender(name: string, wallMs: readonly number[]): Contender {
  return {
    name,
    runs: wallMs.map((ms) => ({ wallMs: ms, cpuMs: ms / 2, peakMiB: 50 })),
    hashes: ['same'],
  };
}

describe('a comparison of whole programs', () => {
  it('measures every run in a process of its own', async () => {
    const folder = jobFolder('world', 'world');

    const { command, duels, isSame } = await compare(folder, path.join(folder, 'bin.js'), 2);

    expect(isSame).toBe(true);
    expect(command.runs).toHaveLength(2);
    expect(duels[0]?.script.runs).toHaveLength(2);
    for (const { wallMs, cpuMs, peakMiB } of command.runs) {
      expect(Math.min(wallMs, cpuMs, peakMiB)).toBeGreaterThan(0);
    }
  });

  it('notices that the programs write different things', async () => {
    const folder = jobFolder('world', 'moon');

    const comparison = await compare(folder, path.join(folder, 'bin.js'), 1);

    expect(comparison.isSame).toBe(false);
    expect(reportOf('01-word', comparison)).toMatch(/THE RUNS WROTE DIFFERENT THINGS/);
  });

  it('says what a failing program said', async () => {
    const folder = jobFolder('world', 'world');

    await expect(compare(folder, path.join(folder, 'nowhere.js'), 1)).rejects.toThrow(/nowhere.js/);
  });
});

describe('the verdict', () => {
  const job = { title: 'a job', byHand: { hand: { script: 'hand.ts', goal: 2 } } };

  it('is the ratio of the medians', () => {
    const { duels, isFarOff } = judged(job, contender('cannectors', [10, 100, 12]), [
      contender('hand', [24, 1, 60]),
    ]);

    expect(duels[0]).toMatchObject({ ratio: 2, cpuRatio: 2, goal: 2 });
    expect(isFarOff).toBe(false);
  });

  it('is a failure when it is more than a quarter below the goal', () => {
    const { isFarOff } = judged(job, contender('cannectors', [10]), [contender('hand', [14])]);

    expect(isFarOff).toBe(true);
  });

  it('is printed with the goal', () => {
    const comparison = judged(job, contender('cannectors', [10]), [contender('hand', [18])]);

    expect(reportOf('02-job', comparison)).toMatch(/× hand +1\.80 \(cpu 1\.80\), goal ≥ 2: missed/);
  });

  it('takes the mean of the two in the middle', () => {
    expect(medianOf(contender('a', [1, 9, 3, 5]), 'wallMs')).toBe(4);
  });
});
