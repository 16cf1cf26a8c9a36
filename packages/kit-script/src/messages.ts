/** What a script does: one record at a time, or a batch. */
export type Mode = 'record' | 'batch';

/** Limits of a script. `timeoutMs` and `cpuMs` count for one record, or for one batch. */
export interface Limits {
  readonly timeoutMs: number;
  readonly cpuMs: number;
  readonly memMb: number;
}

/** A script that compiles. */
export interface Script {
  readonly text: string;
  /** Base name of its file, or `inline`. */
  readonly name: string;
  /** It is an ES module. */
  readonly isModule: boolean;
}

/**
 * Head of what the host tells the child. The first message is the script; every other one is work,
 * with the records as the text of a JSON list behind the head.
 */
export type Order =
  | {
      readonly do: 'load';
      readonly mode: Mode;
      readonly script: Script;
      readonly limits: Limits;
      readonly maxOutput: number;
    }
  | {
      readonly do: 'run';
      /** Number of the job. */
      readonly id: number;
      /** Another number asks for a fresh global environment. */
      readonly life: number;
      /** Position of the first record of this message in its job. */
      readonly from: number;
      /** 0: the script is only started. */
      readonly count: number;
      /** Answer after every record, so that it is known which one does harm. */
      readonly isStepwise: boolean;
      /** The text holds whole numbers beyond 2^53. */
      readonly isExact: boolean;
      /** Facts about the records, as the text of a JSON list. */
      readonly facts?: string;
    };

/**
 * Which limit was broken. `output`: what came back was too much; `spoilt`: it was nothing that the
 * harness would have said.
 */
export type Breach = 'timeout' | 'cpu' | 'memory' | 'output' | 'spoilt';

/** What is wrong with one record (or with the batch, at 0). */
export interface Trouble {
  /** Position in the job, counted from 0. */
  readonly at: number;
  /**
   * `thrown`: the script threw `text`. `type`: it returned what is no record; `text` says what.
   * Otherwise the limit that it broke.
   */
  readonly kind: 'thrown' | 'type' | 'endless-promise' | Breach;
  readonly text: string;
  readonly stack?: string;
}

/** A line that a script wrote to its console: level, text, and the record at hand. */
export type Line = readonly [level: 'debug' | 'info' | 'warn' | 'error', text: string, at: number];

/** Head of what the child tells the host. */
export type Report =
  /** The process is there, with an engine. */
  | { readonly is: 'ready' }
  /** There is no engine on this machine. */
  | { readonly is: 'useless'; readonly reason: string }
  /** The script has started: its entry point is there, in a fresh global environment. */
  | { readonly is: 'begun'; readonly id: number }
  /** The script does not start: its top-level code fails, or it has no entry point. */
  | {
      readonly is: 'unstartable';
      readonly id: number;
      readonly kind: 'missing' | 'not-function' | 'compile' | Trouble['kind'];
      readonly text: string;
      readonly stack?: string;
    }
  /** Records `from` up to, not including, `next` are done; the text behind the head is their list. */
  | {
      readonly is: 'answer';
      readonly id: number;
      readonly from: number;
      readonly next: number;
      readonly troubles: readonly Trouble[];
      readonly lines: readonly Line[];
      /** Lines that were left out, since there were too many. */
      readonly hushed: number;
      /** Of a batch: for each record that came back the position of the one that it was, or -1. */
      readonly origins?: readonly number[];
    }
  /** A limit was broken: the process is of no more use. `isTold`: an answer has said by which record. */
  | {
      readonly is: 'broken';
      readonly id: number;
      readonly breach: Breach;
      readonly isTold?: boolean;
    };

/** A message is its head as JSON, a line feed, and a text. */
export function messageOf(head: Order | Report, text = ''): string {
  return `${JSON.stringify(head)}\n${text}`;
}

/** Parts a message. @throws SyntaxError when the head is no JSON */
export function parted<Head extends Order | Report>(message: string): [Head, string] {
  const end = message.indexOf('\n');
  return [JSON.parse(message.slice(0, end)) as Head, message.slice(end + 1)];
}
