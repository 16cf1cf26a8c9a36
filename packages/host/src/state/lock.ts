import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { codeOf } from '../error-code.ts';
import { locked, lockLost } from './faults.ts';

/** The right of one process to run a pipeline in a state folder. */
export interface Lock {
  /** @throws `state.lock-lost` when another process has taken it over, after a long sleep of this one */
  check(): Promise<void>;
  /** Gives it back. May be called twice. */
  release(): Promise<void>;
}

/** Who holds a lock, as its file says. */
export interface Holder {
  readonly pid: number;
  /** The machine, and on Linux the process namespace: only there does a pid mean anything. */
  readonly host: string;
  /** One for each life of a process: pids come back. */
  readonly process: string;
  /** One for each lock. */
  readonly id: string;
  readonly since: string;
}

export interface LockOptions {
  /** Absolute path of the lock file. Its folder exists. */
  readonly file: string;
  readonly pipeline: string;
  readonly heartbeatMs?: number;
  /** Ends the watch over a lock that looks stale. */
  readonly signal?: AbortSignal;
}

const thisHost = hostOf();
const thisProcess = randomUUID();

/** How many heartbeats may fail to come before a lock is stale. */
const missedBeats = 4;

/** How long takers of one stale lock may be in each other's way. */
const settleMs = 100;

/**
 * Takes the lock of a pipeline: a file that shows with a heartbeat that its holder lives.
 *
 * A lock whose process is gone is taken over at once; where that cannot be known, because it is of
 * another machine or container, after it was watched for four heartbeats without one. Clocks are
 * not compared for it.
 *
 * @throws `state.locked`, naming the process that holds it
 */
export async function takeLock(options: LockOptions): Promise<Lock> {
  const { file, pipeline, heartbeatMs = 5000, signal } = options;
  const mine: Holder = {
    pid: process.pid,
    host: thisHost,
    process: thisProcess,
    id: randomUUID(),
    since: new Date().toISOString(),
  };
  let isTakeover = false;
  while (!(await created(file, mine))) {
    const holder = await holderOf(file);
    if (await isAlive(file, holder, heartbeatMs, signal)) throw locked(pipeline, file, holder);
    await putAside(file, holder);
    isTakeover = true;
  }
  const isMine = async (): Promise<boolean> => (await holderOf(file))?.id === mine.id;
  // Another taker may have caught this lock with the stale one, and put it back too late.
  if (isTakeover) await wait(Math.min(heartbeatMs, settleMs), undefined, { signal });
  if (!(await isMine())) throw locked(pipeline, file, await holderOf(file));

  const beat = async (): Promise<void> => {
    if (await isMine()) await utimes(file, new Date(), new Date());
  };
  // A heartbeat that fails is seen by others as none; `check` says it to the holder.
  const timer = setInterval(() => void beat().catch(() => undefined), heartbeatMs).unref();

  return {
    async check() {
      if (!(await isMine())) throw lockLost(pipeline, file, await holderOf(file));
    },
    async release() {
      clearInterval(timer);
      if (await isMine()) await rm(file, { force: true });
    },
  };
}

async function created(file: string, holder: Holder): Promise<boolean> {
  try {
    await writeFile(file, `${JSON.stringify(holder)}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** `undefined`: no lock, or one that was created this moment or cut off by a crash. */
async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isAlive(
  file: string,
  holder: Holder | undefined,
  heartbeatMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const first = await beatOf(file);
  if (first === undefined) return false;
  if (holder?.host === thisHost) {
    if (!isRunning(holder)) return false;
    if (Math.abs(Date.now() - first) < missedBeats * heartbeatMs) return true;
  }
  for (let beats = 0; beats < missedBeats; beats++) {
    await wait(heartbeatMs, undefined, { signal });
    const now = await beatOf(file);
    if (now === undefined) return false;
    if (now !== first) return true;
  }
  return false;
}

function isRunning({ pid, process: life }: Holder): boolean {
  if (pid === process.pid) return life === thisProcess;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

async function beatOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Removes a stale lock. Of several processes only one can rename it; whoever finds that it has
 * caught a fresh one instead puts that back.
 */
async function putAside(file: string, stale: Holder | undefined): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const caught = await holderOf(aside);
  if (caught !== undefined && caught.id !== stale?.id) await created(file, caught);
  await rm(aside, { force: true });
}

function hostOf(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
