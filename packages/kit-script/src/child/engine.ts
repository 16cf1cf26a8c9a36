import type { Breach, Limits, Mode, Script } from '../messages.ts';

/** A place where a script runs, apart from the process around it. One script each. */
export interface Engine {
  /** Makes a fresh global environment, and runs the top-level code of the script in it. */
  begin(): Promise<Misstart | undefined>;
  /** Calls the harness. @throws Broken when a limit was broken */
  run(
    text: string,
    id: number,
    from: number,
    isExact: boolean,
    untilMs: number,
    facts: string,
  ): Promise<string>;
  more(untilMs: number): Promise<string>;
  take(isInterrupted: boolean): Promise<string>;
  /** CPU time that the script has used so far, in milliseconds. */
  cpuMs(): number;
  /** Ends it, also in the middle of a call. */
  end(): void;
}

/** Why a script does not start. */
export interface Misstart {
  readonly kind: 'missing' | 'not-function' | 'compile' | 'thrown' | Breach;
  readonly text: string;
  readonly stack?: string;
}

export interface EngineOptions {
  readonly mode: Mode;
  readonly script: Script;
  readonly limits: Limits;
  readonly maxOutput: number;
}

/** A limit was broken. After `timeout` the harness may still be asked what there is. */
export class Broken extends Error {
  readonly breach: Breach;

  constructor(breach: Breach) {
    super(breach);
    this.breach = breach;
  }
}

/** Name of the function that a script has. */
export function entryOf(mode: Mode): 'transform' | 'processBatch' {
  return mode === 'record' ? 'transform' : 'processBatch';
}

/** In addition to the limit of a record: it may begin when as much of the slice is over. */
export const sliceMs = 50;
