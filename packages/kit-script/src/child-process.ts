import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { frameOf, frameReader } from './frames.ts';
import { messageOf, type Order, parted, type Report } from './messages.ts';

/** A child process with an engine in it. */
export interface Child {
  readonly pid: number | undefined;
  send(order: Order, text?: string): void;
  /** Ends it at once; `ended` is not called. May be called twice. */
  kill(): void;
  /** Whether this process has to wait for it. */
  hold(isBusy: boolean): void;
}

interface Hears {
  /** @param text the records of the answer, as a JSON list */
  readonly report: (head: Report, text: string) => void;
  /** It has ended, or said what cannot be understood. @param reason as in `signal SIGABRT` */
  readonly ended: (reason: string) => void;
}

const require = createRequire(import.meta.url);

/**
 * Starts the program behind the door `./child`, with nothing of this process: no environment, no
 * arguments, no files but those it is made of, no handles but the pipes.
 *
 * Node's permissions are a second fence, not the wall: the wall is the isolate.
 *
 * @param maxBytes longest message that is taken from it
 */
export function launch(maxBytes: number, { report, ended }: Hears): Child {
  const program = require.resolve('@cannectors/kit-script/child');
  const child = spawn(process.execPath, [...flags(program), program], {
    cwd: path.parse(program).root,
    env: necessary(),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let isOver = false;
  let complaint = '';

  const over = (reason: string): void => {
    if (isOver) return;
    kill();
    ended(reason);
  };
  function kill(): void {
    isOver = true;
    child.kill('SIGKILL');
    child.stdin.destroy();
    child.stdout.destroy();
    child.stderr.destroy();
  }
  const hear = (message: string): void => {
    if (isOver) return;
    let heard: [Report, string];
    try {
      heard = parted<Report>(message);
    } catch {
      return over('it said what is no message');
    }
    report(...heard);
  };
  const tooLong = (length: number): void => over(`it said ${length} bytes at once`);
  child.stdout.on('data', frameReader(maxBytes, hear, tooLong));
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString()}`.slice(-2000);
  });
  child.on('error', (error) => over(error.message));
  // `close` comes after the last of what it said.
  child.on('close', (code, signal) => over(reasonOf(code, signal, complaint)));
  // A pipe to a process that is no more; `close` tells the rest.
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    stream.on('error', () => undefined);
  }

  return {
    pid: child.pid,
    send: (order, text) => void child.stdin.write(frameOf(messageOf(order, text))),
    kill,
    hold: (isBusy) => hold(child, isBusy),
  };
}

function flags(program: string): string[] {
  return [
    '--permission',
    '--allow-addons',
    '--no-node-snapshot',
    '--expose-gc',
    '--no-warnings',
    '--max-old-space-size=512',
    // Half of the time goes into collecting the records of a batch where it is smaller (bench/sandbox).
    '--min-semi-space-size=16',
    '--max-semi-space-size=16',
    ...readable(program).map((place) => `--allow-fs-read=${place}`),
  ];
}

/** What the program is made of: its own files, and the engine with what that loads. */
function readable(program: string): string[] {
  const own = path.dirname(path.dirname(program));
  // The loader looks for the last, to know the C library.
  const places = [own, '/etc/alpine-release'];
  try {
    const engine = realpathSync(path.dirname(require.resolve('isolated-vm')));
    const loader = createRequire(`${engine}/`).resolve('node-gyp-build');
    places.push(
      engine,
      path.dirname(engine),
      path.dirname(loader),
      realpathSync(path.dirname(loader)),
    );
  } catch {
    // It is not installed; the program says so.
  }
  return places;
}

/** Windows does not start a program without this variable. */
function necessary(): Record<string, string> {
  const { SystemRoot } = process.env;
  return SystemRoot === undefined ? {} : { SystemRoot };
}

function reasonOf(code: number | null, signal: string | null, complaint: string): string {
  if (signal !== null) return `signal ${signal}`;
  const [line = ''] = complaint.split('\n').filter((text) => text.includes('Error'));
  return `exit code ${code}${line === '' ? '' : `, ${line.trim().slice(0, 300)}`}`;
}

/** Sockets as they are: an idle child keeps no program from its end. */
function hold(child: ChildProcessByStdio<Writable, Readable, Readable>, isBusy: boolean): void {
  const method = isBusy ? 'ref' : 'unref';
  child[method]();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    (stream as unknown as { ref(): void; unref(): void })[method]();
  }
}
