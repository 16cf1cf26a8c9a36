import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { waitFor } from './wait-for.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** The command as users start it. */
export const command = path.join(root, 'node_modules/.bin/cannectors');

/** Nothing of the environment of the tests but what a program needs. */
export const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/cannectors'),
};

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGKILL';

export interface Given {
  /** The working folder. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command in progress. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
  /** Waits until stdout and stderr together hold a text. */
  says(text: string): Promise<void>;
  signal(signal: Signal): void;
  /** Types on its terminal, if it has one. */
  type(keys: string): void;
}

/** Runs a command to its end. */
export function cannectors(words: readonly string[], given: Given): Promise<Ended> {
  return start(words, given).ended;
}

/** Starts a command. */
export function start(words: readonly string[], { folder, env }: Given): Running {
  const child = spawn(command, words, {
    cwd: folder,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return observe(child);
}

/** Collects what a process prints. */
export function observe(child: ChildProcess): Running {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    says: (text) =>
      waitFor(
        () => (output.stdout + output.stderr).includes(text),
        () => `"${text}" in:\n${output.stdout}\n${output.stderr}`,
      ),
    signal: (signal) => child.kill(signal),
    type: (keys) => child.stdin?.write(keys),
  };
}

/** The log lines among what a command printed. */
export function logLines(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
}

export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}
