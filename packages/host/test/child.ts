import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { onTestFinished } from 'vitest';

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  output(): string;
  /** Waits until the output has a word. Fails when the process ends before. */
  says(word: string): Promise<void>;
  /** Waits for the end: the exit code, or the signal that ended it. */
  ended(): Promise<number | string>;
}

/** Runs a fixture in a process of its own, which is killed when the test is over. */
export function child(fixture: string, args: readonly string[]): Child {
  const file = path.join(import.meta.dirname, 'fixtures', fixture);
  const started = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  started.stdout.on('data', (chunk) => (output += String(chunk)));
  started.stderr.on('data', (chunk) => (output += String(chunk)));
  const end = once(started, 'exit') as Promise<[number | null, string | null]>;
  onTestFinished(async () => {
    started.kill('SIGKILL');
    await end;
  });

  return {
    process: started,
    pid: started.pid ?? 0,
    output: () => output,
    async says(word) {
      while (!output.includes(word)) {
        const [, ended] = await Promise.race([
          once(started.stdout, 'data').then(() => [0, false]),
          end.then(() => [0, true]),
        ]);
        if (ended === true && !output.includes(word)) throw new Error(`It ended with: ${output}`);
      }
    },
    ended: async () => {
      const [code, signal] = await end;
      return code ?? signal ?? 'unknown';
    },
  };
}
