import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readDeadLetters } from '../src/dead-letters/read-dead-letters.ts';
import { child } from './child.ts';
import { pipeline } from './pipelines.ts';

/**
 * The crash-point matrix (spec/runtime/reliability.md, section 3): a process kills itself at a point,
 * with SIGKILL, and the next one goes on. One oracle: what arrived, in which order, how often.
 */

const all = Array.from({ length: 12 }, (_, id) => id);

interface Arrival {
  readonly id: number;
  readonly seq: number;
  readonly recordId: string;
}

function arrivals(folder: string, output: string): Arrival[] {
  const file = path.join(folder, `${output}.log`);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [id, seq, recordId = ''] = line.split(' ');
    return { id: Number(id), seq: Number(seq), recordId };
  });
}

function savedOffset(folder: string): number {
  const file = path.join(folder, 'crash.json');
  if (!existsSync(file)) return 0;
  // G4: whole or absent; half a file would not be JSON.
  return (JSON.parse(readFileSync(file, 'utf8')) as { offset: number }).offset;
}

/** The largest position that the source was told. */
function confirmedOffset(folder: string): number {
  const file = path.join(folder, 'confirmed.log');
  if (!existsSync(file)) return 0;
  return Math.max(...readFileSync(file, 'utf8').trimEnd().split('\n').map(Number));
}

/** What the database holds that keeps the checkpoint, in order of arrival. */
function keptIds(folder: string): unknown[] {
  using database = new DatabaseSync(path.join(folder, 'kept.db'), { readOnly: true });
  const rows = database.prepare('SELECT id FROM arrived ORDER BY rowid').all();
  return rows.map(({ id }) => id);
}

/** Kills a run at a point, looks, and lets the next run finish. */
async function crash(scenario: string, failpoint: string, occurrence: number) {
  const folder = mkdtempSync(path.join(tmpdir(), 'cannectors-crash-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const killed = await child('crashing-run.ts', [
    folder,
    scenario,
    failpoint,
    String(occurrence),
  ]).ended();
  const offset = savedOffset(folder);
  const confirmed = confirmedOffset(folder);
  const sentBehind = arrivals(folder, 'a').filter(({ id }) => id >= offset).length;
  const next = child('crashing-run.ts', [folder, scenario]);
  const code = await next.ended();
  return { folder, killed, offset, confirmed, sentBehind, code, said: next.output() };
}

function firsts(list: readonly Arrival[]): number[] {
  return [...new Set(list.map(({ id }) => id))];
}

function duplicates(list: readonly Arrival[]): number {
  return list.length - firsts(list).length;
}

describe('a process that is killed', () => {
  it.each([
    ['after a pull', 'after-pull', 1, 0],
    ['in a filter', 'in-filter', 2, 0],
    ['before a send', 'before-send', 2, 0],
    ['after one of three requests', 'in-send-a', 1, 1],
    ['after two of three requests', 'in-send-a', 5, 2],
    ['after a send', 'after-send', 2, 3],
    ['before a save', 'before-save', 2, 3],
    ['in a save, before the fsync', 'before-state-fsync', 2, 3],
    ['in a save, after the fsync', 'after-state-fsync', 1, 3],
    ['in a save, before the rename', 'before-state-rename', 2, 3],
    ['in a save, after the rename', 'after-state-rename', 2, 0],
    ['after a save', 'after-save', 3, 0],
    ['before the source is told', 'before-confirm', 4, 0],
  ] as const)('%s loses nothing (G1, G2, G5)', async (_, failpoint, occurrence, repeated) => {
    const { folder, killed, offset, confirmed, sentBehind, code, said } = await crash(
      'plain',
      failpoint,
      occurrence,
    );

    const arrived = arrivals(folder, 'a');
    expect([killed, code, said]).toEqual(['SIGKILL', 0, '']);
    expect(firsts(arrived)).toEqual(all);
    expect(duplicates(arrived)).toBe(repeated);
    expect(sentBehind).toBe(repeated);
    expect(confirmed).toBeLessThanOrEqual(offset);
    expect(savedOffset(folder)).toBe(12);
    // A repeated record bears the id that it had before.
    expect(new Set(arrived.map(({ recordId }) => recordId)).size).toBe(12);
  });

  it.each([
    ['after-pull', 1],
    ['in-filter', 2],
    ['before-send', 1],
    ['before-send', 3],
    ['after-send', 1],
    ['after-send', 2],
    ['before-save', 1],
    ['before-save', 2],
    ['before-state-fsync', 2],
    ['after-state-fsync', 3],
    ['before-state-rename', 2],
    ['after-state-rename', 2],
    ['after-save', 3],
    ['before-confirm', 4],
  ] as const)(
    'at %s, time %i, leaves each record once where the destination keeps the checkpoint',
    async (failpoint, occurrence) => {
      const { folder, killed, code, said } = await crash('exactly-once', failpoint, occurrence);

      expect([killed, code, said]).toEqual(['SIGKILL', 0, '']);
      expect(keptIds(folder)).toEqual(all);
      expect(savedOffset(folder)).toBe(12);
    },
  );

  it('when one output has the batch and the other has not, repeats it to the first', async () => {
    const { folder, killed, offset, code } = await crash('two-outputs', 'after-send', 1);

    expect([killed, code, offset]).toEqual(['SIGKILL', 0, 0]);
    expect([firsts(arrivals(folder, 'a')), firsts(arrivals(folder, 'b'))]).toEqual([all, all]);
    expect([duplicates(arrivals(folder, 'a')), duplicates(arrivals(folder, 'b'))]).toEqual([3, 0]);
  });

  it.each(['before-dead-letter', 'after-dead-letter'])(
    '%s keeps each dead letter once',
    async (failpoint) => {
      const { folder, killed, code } = await crash('dead-letters', failpoint, 1);

      const letters = await readDeadLetters(pipeline({ name: 'crash' }), folder);
      expect([killed, code]).toEqual(['SIGKILL', 0]);
      expect(letters.map(({ record }) => record)).toEqual([{ id: 4 }]);
      expect(firsts(arrivals(folder, 'a'))).toEqual(all.filter((id) => id !== 4));
      expect(savedOffset(folder)).toBe(12);
    },
  );

  it.each([
    ['before-send', 1],
    ['in-send-a', 4],
    ['before-save', 2],
  ] as const)(
    'at %s keeps the rows of a source transaction in one batch',
    async (failpoint, occurrence) => {
      const { folder, killed, offset, code } = await crash('transaction', failpoint, occurrence);

      const arrived = arrivals(folder, 'a');
      expect([killed, code]).toEqual(['SIGKILL', 0]);
      expect(offset % 6).toBe(0);
      expect(firsts(arrived)).toEqual(all);
      // The next run numbers its batches anew: its six rows each are the last that arrived.
      const rest = arrived.slice(-(12 - offset));
      for (const seq of new Set(rest.map((row) => row.seq))) {
        expect(rest.filter((row) => row.seq === seq)).toHaveLength(6);
      }
    },
  );
});
