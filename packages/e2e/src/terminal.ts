import { spawn, spawnSync } from 'node:child_process';
import { command, environment, type Given, observe, type Running } from './command.ts';

/** Whether util-linux's `script` is there, which makes a pseudo-terminal. */
export const hasTerminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).status === 0;

/** Starts a command on a terminal of its own: stdout and stderr are both that terminal. */
export function startOnTerminal(words: readonly string[], given: Given): Running {
  const line = [command, ...words].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return observe(
    spawn('script', ['-qec', `stty cols 100; exec ${line}`, '/dev/null'], {
      cwd: given.folder,
      env: { ...environment, TERM: 'xterm-256color', SHELL: '/bin/sh', ...given.env },
    }),
  );
}
