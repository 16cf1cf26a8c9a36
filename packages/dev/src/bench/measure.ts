import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What one run took. */
export interface Measured {
  /** Milliseconds from the start of the process to its end. */
  readonly wallMs: number;
  /** Milliseconds of processor time, in the program and for it. */
  readonly cpuMs: number;
  /** Largest resident memory, in MiB. */
  readonly peakMiB: number;
}

const meter = new URL('meter.js', import.meta.url).href;

/**
 * Runs a Node program in a process of its own and measures it.
 *
 * @throws an Error with what it printed, when it ends with another code than 0
 */
export async function measure(
  given: readonly string[],
  { folder, env }: { folder: string; env: Readonly<Record<string, string>> },
): Promise<Measured> {
  const file = path.join(folder, 'usage.json');
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', meter, ...given], {
    cwd: folder,
    env: { ...process.env, ...env, BENCH_USAGE: file },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  const wallMs = performance.now() - started;
  if (code !== 0) throw new Error(`${given.join(' ')} ended with ${String(code)}:\n${said}`);
  const usage = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.ResourceUsage;
  return {
    wallMs,
    cpuMs: (usage.userCPUTime + usage.systemCPUTime) / 1_000,
    peakMiB: usage.maxRSS / 1_024,
  };
}
