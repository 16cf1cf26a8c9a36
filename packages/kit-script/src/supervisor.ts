import { type Answer, answerOf } from './answer.ts';
import { type Child, launch } from './child-process.ts';
import { closed, noSandbox, processEnded } from './faults.ts';
import type { Breach, Limits, Mode, Report, Script } from './messages.ts';
import { breachFault, misstart } from './misstart.ts';
import type { RecordTexts } from './record-texts.ts';

/** Work for the script: records as JSON, in order. */
export interface Job extends RecordTexts {
  /** Another number than the job before asks for a fresh global environment. */
  readonly life: number;
  /** Facts about the records, as the text of a JSON list. */
  readonly facts?: string;
  readonly signal: AbortSignal;
  /** Called once or more, in order; together the answers cover all records. */
  answered(answer: Answer): void;
}

export interface SupervisorOptions {
  readonly mode: Mode;
  readonly script: Script;
  readonly limits: Limits;
  /** Characters of JSON that one answer may have. */
  readonly maxOutput: number;
  /** Told when the script had to be started anew, so that its globals are lost. */
  readonly onRestart: (reason: string) => void;
}

/** Keeps a child process in which a script runs. */
export interface Supervisor {
  /** Starts the script for this life, unless that has begun. @throws a fault when it does not start */
  start(life: number, signal: AbortSignal): Promise<void>;
  /**
   * Gives work to the script. Two jobs may be under way at once, so that one is carried over while the
   * other runs; they are answered in order.
   *
   * @throws a fault when nothing more comes of the job
   */
  run(job: Job): Promise<void>;
  /** Process id of the child, if there is one. */
  readonly pid: () => number | undefined;
  /** Ends the child. What is under way fails. May be called twice; a later `run` starts again. */
  readonly close: () => void;
}

interface Entry {
  readonly job: Job;
  readonly id: number;
  next: number;
  isSent: boolean;
  /** One record at a time, to find the one that does harm. */
  isStepwise: boolean;
  isRepeated: boolean;
  resolve(): void;
  reject(reason: unknown): void;
}

const maxSent = 2;
/** Longest start of the process; it is a machine in distress that needs a second. */
const startMs = 60_000;
/** Time beyond the limit of the script before its process is killed from outside. */
const graceMs = 3000;
/** What ends a process that has no memory left. */
const crash = /SIG(ABRT|TRAP|ILL|SEGV|BUS)|exit code (13[0-9]|2147483651|3221225)/;

export function supervisor(options: SupervisorOptions): Supervisor {
  const { mode, limits, script, maxOutput, onRestart } = options;
  let queue: Entry[] = [];
  let child: Child | undefined;
  let isReady = false;
  let lastId = 0;
  let lastLife: number | undefined;
  let deadline: NodeJS.Timeout | undefined;

  const discard = (): void => {
    clearTimeout(deadline);
    child?.kill();
    child = undefined;
    isReady = false;
    lastLife = undefined;
    for (const entry of queue) entry.isSent = false;
  };

  const failAll = (reason: unknown): void => {
    discard();
    for (const entry of queue.splice(0)) entry.reject(reason);
  };

  const start = (): void => {
    child = launch(4 * maxOutput + 1024 * 1024, { report: hear, ended });
    child.send({ do: 'load', mode, script, limits, maxOutput });
    deadline = setTimeout(() => failAll(noSandbox('its process does not start')), startMs);
  };

  const send = (entry: Entry): void => {
    const { job, id, next, isStepwise } = entry;
    const text = `[${(next === 0 ? job.texts : job.texts.slice(next)).join(',')}]`;
    entry.isSent = true;
    child?.send(
      {
        do: 'run',
        id,
        life: job.life,
        from: next,
        count: job.texts.length - next,
        isStepwise,
        isExact: job.isExact,
        ...(job.facts !== undefined && { facts: job.facts }),
      },
      text,
    );
  };

  const pump = (): void => {
    if (queue.length === 0) {
      clearTimeout(deadline);
      return child?.hold(false);
    }
    if (child === undefined) start();
    child?.hold(true);
    if (!isReady) return;
    const waits = queue[0]?.isSent === true;
    for (const entry of queue.slice(0, maxSent)) if (!entry.isSent) send(entry);
    if (!waits) arm();
  };

  /** The last resort: what the engine cannot stop is killed. Counts anew with every sign of life. */
  const arm = (): void => {
    clearTimeout(deadline);
    const [first] = queue;
    if (first === undefined || child === undefined) return;
    const isNew = first.job.life !== lastLife;
    const bytes = first.job.texts.reduce((sum, text) => sum + text.length, 0);
    const ms = (isNew ? 2 : 1) * limits.timeoutMs + graceMs + bytes / 10_000;
    deadline = setTimeout(() => blame('timeout', 'deadline'), ms);
  };

  const finish = (entry: Entry): void => {
    queue = queue.filter((other) => other !== entry);
    entry.resolve();
  };

  const deliver = (entry: Entry, answer: Answer): void => {
    entry.next = answer.next;
    entry.job.answered(answer);
    if (answer.next >= entry.job.texts.length) finish(entry);
  };

  const troubled = ({ next }: Entry, kind: Breach, text: string): Answer => ({
    from: next,
    next: next + 1,
    records: [null],
    troubles: [{ at: next, kind, text }],
    lines: [],
    hushed: 0,
  });

  /** The first job is at the script's door: its process is no more, or has to go. */
  const blame = (breach: Breach, reason: string, isTold = false): void => {
    const [first] = queue;
    const hasBegun = first?.job.life === lastLife;
    discard();
    onRestart(reason);
    if (isTold || first === undefined) return pump();
    if (!hasBegun) {
      queue = queue.filter((other) => other !== first);
      first.reject(misstart({ kind: breach, text: reason }, mode, limits));
      return pump();
    }
    if (mode === 'batch') {
      queue = queue.filter((other) => other !== first);
      first.reject(breachFault(breach, limits, reason));
      return pump();
    }
    if (!first.isStepwise && first.job.texts.length - first.next > 1) {
      first.isStepwise = true;
      return pump();
    }
    first.isStepwise = false;
    deliver(first, troubled(first, breach, reason));
    pump();
  };

  const ended = (reason: string): void => {
    if (isReady && crash.test(reason)) return blame('memory', reason);
    const [first] = queue;
    const wasReady = isReady;
    discard();
    onRestart(reason);
    if (first === undefined) return;
    // Somebody else may have ended it, so the work is done once more.
    if (!first.isRepeated) first.isRepeated = true;
    else if (wasReady) {
      queue = queue.filter((other) => other !== first);
      first.reject(processEnded(reason));
    } else return failAll(noSandbox(`its process has ended (${reason})`));
    pump();
  };

  const hear = (report: Report, text: string): void => {
    if (report.is === 'ready') {
      isReady = true;
      return pump();
    }
    if (report.is === 'useless') return failAll(noSandbox(report.reason));
    const [first] = queue;
    // When it is told already, its job may be done.
    if (report.is === 'broken') return blame(report.breach, report.breach, report.isTold);
    if (first?.id !== report.id) return;
    if (report.is === 'begun') {
      lastLife = first.job.life;
      if (first.job.texts.length > 0) return arm();
      finish(first);
      if (queue.length > 0) arm();
      return pump();
    }
    if (report.is === 'unstartable') {
      queue = queue.filter((other) => other !== first);
      first.reject(misstart(report, mode, limits));
      if (isBreach(report.kind)) discard();
      return pump();
    }
    let answer: Answer;
    try {
      answer = answerOf(report, text, first.next, first.job.texts.length);
    } catch (error) {
      return blame('spoilt', error instanceof Error ? error.message : String(error));
    }
    deliver(first, answer);
    if (queue.length > 0) arm();
    pump();
  };

  const run = async (job: Job): Promise<void> => {
    job.signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const id = ++lastId;
    const entry = { job, id, next: 0, isSent: false, isStepwise: false, isRepeated: false };
    queue.push({ ...entry, resolve, reject });
    const abort = (): void => failAll(job.signal.reason);
    job.signal.addEventListener('abort', abort, { once: true });
    try {
      pump();
      await promise;
    } finally {
      job.signal.removeEventListener('abort', abort);
    }
  };

  return {
    run,
    // A job without records: it is done when the script has begun.
    start: (life, signal) =>
      run({ life, signal, texts: [], isExact: false, answered: () => undefined }),
    pid: () => child?.pid,
    close: () => failAll(closed()),
  };
}

function isBreach(kind: string): kind is Breach {
  return ['timeout', 'cpu', 'memory', 'output', 'spoilt'].includes(kind);
}
