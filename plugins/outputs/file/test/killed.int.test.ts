import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { expect, it, onTestFinished } from 'vitest';
import { batchOf, signal, temporaryFolder, writingTo } from './writing-a-file.ts';

const appender = fileURLToPath(new URL('fixtures/appender.ts', import.meta.url));

/** Runs a writer, kills it a moment after some batches were written, and gives the last one said. */
async function writeAndKill(place: string, first: number, delayMs: number): Promise<number> {
  const child = spawn(process.execPath, [appender, place, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  let last = first - 1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    // Somewhere in the middle of one of the next batches.
    if (last === first + 2) void pause(delayMs).then(() => child.kill('SIGKILL'));
  }
  await ended;
  return last;
}

it.each(['ndjson', 'csv'])(
  'kill -9 loses no batch that counted, and spoils no later one: %s',
  async (format) => {
    const place = path.join(temporaryFolder(), `a.${format}`);
    const counted = new Set<number>();

    for (let round = 0; round < 4; round++) {
      const first = round * 1000;
      const last = await writeAndKill(place, first, round * 7);
      for (let batch = first; batch <= last; batch++) counted.add(batch);
    }
    const { output } = await writingTo(place);
    await output.write(batchOf([{ batch: 9999, index: 0, text: 'the end' }]), signal);

    const text = readFileSync(place, 'utf8');
    const records: Record<string, unknown>[] =
      format === 'csv'
        ? parse(text, { columns: true })
        : text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, unknown>);
    const found = new Map<number, number>();
    for (const record of records) {
      const batch = Number(record['batch']);
      found.set(batch, (found.get(batch) ?? 0) + 1);
    }
    expect(counted.size).toBeGreaterThanOrEqual(12);
    expect([...counted].filter((batch) => found.get(batch) !== 2000)).toEqual([]);
    expect(found.get(9999)).toBe(1);
  },
);
