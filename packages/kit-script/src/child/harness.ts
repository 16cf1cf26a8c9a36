// oxlint-disable typescript/unbound-method -- They are called with `apply`.
import type { Line, Mode, Trouble } from '../messages.ts';

/** What the harness gives to the engine around it. Every member returns texts and numbers only. */
export interface Inside {
  /** Takes the entry point. Returns what is wrong with it: nothing, `missing` or `not-function`. */
  begin(entry: unknown): '' | 'missing' | 'not-function';
  /**
   * Handles the records of a JSON list, and returns head and body of the answer: `''` while a promise
   * of the script is not settled.
   *
   * @param untilMs it goes on with further records for so long, counted from the call
   */
  run(
    text: string,
    id: number,
    from: number,
    isExact: boolean,
    untilMs: number,
    facts: string,
  ): string;
  /** Goes on with the records that are left. */
  more(untilMs: number): string;
  /** What there is by now: after a promise, or after the script was interrupted. */
  take(isInterrupted: boolean): string;
}

/**
 * Runs inside the isolate, before the script, and is the only code of ours there. Its source text is
 * what the engine gets, so it uses nothing but its parameters and what JavaScript itself has.
 *
 * It has no way out: no function of the host is inside. A script that tampers with the objects it can
 * reach spoils its own answer, and the host looks at every answer.
 */
export function harness(
  mode: Mode,
  maxOutput: number,
  shown: (given: readonly unknown[]) => string,
): Inside {
  'use strict';
  // What the script may change later is taken now.
  const { parse, stringify, rawJSON } = JSON as JSON & { rawJSON(text: string): unknown };
  const { apply, getPrototypeOf } = Reflect as typeof Reflect & {
    apply<Result>(method: (...given: never[]) => Result, on: unknown, given: unknown[]): Result;
  };
  const { isArray } = Array;
  const { now } = Date;
  const { slice } = Array.prototype;
  const { slice: cut } = String.prototype;
  const plain = Object.prototype;
  const { toString: tagOf } = plain;
  const { then } = Promise.prototype;
  const { test } = RegExp.prototype;
  const textOf = String;
  const exactInteger = BigInt;
  const { MAX_SAFE_INTEGER: most } = Number;
  const origin = Symbol('origin');
  const whole = /^-?\d+$/;

  const maxLines = 200;
  const maxText = 8192;

  let entry: (...given: never[]) => unknown;
  let id = 0;
  /** Position of the list in its job; in the list, of the first record not yet answered and of the one at hand. */
  let from = 0;
  let start = 0;
  let at = 0;
  let total = 0;
  let list: unknown[] = [];
  let troubles: Trouble[] = [];
  let lines: Line[] = [];
  let hushed = 0;
  /** The records at hand are done, and what they left behind for later still runs. */
  let isDone = false;
  let settled: { value?: unknown; error?: unknown; isError: boolean } | undefined;

  function short(text: string, most = maxText): string {
    return text.length > most ? `${apply(cut, text, [0, most])}…` : text;
  }

  function thrown(error: unknown): Trouble {
    let text = 'something that cannot be shown';
    let stack = '';
    try {
      text = short(textOf(error));
      const found = (error as { stack?: unknown } | null | undefined)?.stack;
      if (typeof found === 'string') stack = short(found);
    } catch {
      // What was thrown throws when it is looked at.
    }
    return { at: from + at, kind: 'thrown', text, stack };
  }

  /** Tells what a value is that is no plain object; empty for one that is. */
  function strangeness(value: unknown): string {
    if (value === null || value === undefined) return 'null or undefined';
    if (isArray(value)) return `an array (length ${value.length})`;
    if (typeof value !== 'object') return `invalid type ${typeof value}`;
    if (getPrototypeOf(value) === plain) return '';
    const tag = apply(tagOf, value, []);
    if (tag === '[object Object]') return '';
    return `invalid type ${short(apply(cut, tag, [8, -1]), 100)}`;
  }

  function exactly(_key: string, value: unknown, context: { source?: string }): unknown {
    if (typeof value !== 'number' || (value <= most && value >= -most)) return value;
    const source = context.source ?? '';
    return apply(test, whole, [source]) ? exactInteger(source) : value;
  }

  function withAllDigits(_key: string, value: unknown): unknown {
    return typeof value === 'bigint' ? rawJSON(textOf(value)) : value;
  }

  function jsonOf(value: unknown): string {
    try {
      return stringify(value);
    } catch (error) {
      // A bigint, or a cycle. The first is written with all its digits; the second throws again.
      if (error instanceof TypeError) return stringify(value, withAllDigits);
      throw error;
    }
  }

  /** The JSON list of what is done; a record that cannot be written is one more trouble. */
  function body(done: unknown[], first: number): string {
    try {
      return jsonOf(done);
    } catch {
      for (let index = 0; index < done.length; index++) {
        try {
          jsonOf(done[index]);
        } catch (error) {
          troubles[troubles.length] = {
            ...thrown(error),
            at: mode === 'batch' ? 0 : first + index,
          };
          done[index] = null;
        }
      }
      return jsonOf(done);
    }
  }

  function answer(done: unknown[], next: number, origins?: number[]): string {
    const first = from + start;
    let text = body(done, first);
    if (text.length > maxOutput) {
      // Too much for all is not too much for each: it is found by going one by one.
      const most = `${text.length} characters`;
      if (mode === 'record' && done.length > 1) {
        return `{"is":"broken","id":${id},"breach":"output"}\n`;
      }
      troubles = [{ at: first, kind: 'output', text: most }];
      text = mode === 'record' ? '[null]' : '[]';
    }
    const head = { is: 'answer', id, from: first, next, troubles, lines, hushed, origins };
    const said = stringify(head);
    lines = [];
    troubles = [];
    hushed = 0;
    start = at;
    return `${said}\n${text}`;
  }

  function records(untilMs: number): string {
    isDone = false;
    const end = now() + untilMs;
    do {
      try {
        // Called plainly, the engine takes the script's loops into this one and optimizes them less: a
        // fifteenth of the speed (bench/sandbox).
        const made = apply(entry, undefined, [list[at]]);
        const strange = strangeness(made);
        if (strange === '') list[at] = made;
        else {
          troubles[troubles.length] = { at: from + at, kind: 'type', text: strange };
          list[at] = null;
        }
      } catch (error) {
        troubles[troubles.length] = thrown(error);
        list[at] = null;
      }
      at++;
    } while (at < total && now() < end);
    isDone = true;
    return answer(part(at), from + at);
  }

  /** The records from the first not yet answered up to, not including, `end`. */
  function part(end: number): unknown[] {
    return start === 0 && end === total ? list : apply(slice, list, [start, end]);
  }

  function batchAnswer(made: unknown): string {
    const value = made === null || made === undefined ? list : made;
    const out = (isArray(value) ? value : [value]) as Record<symbol, unknown>[];
    const origins: number[] = [];
    for (let index = 0; index < out.length; index++) {
      const strange = strangeness(out[index]);
      if (strange !== '') {
        const what = isArray(value) ? `a list whose element ${index} is ${strange}` : strange;
        return wrongBatch({ at: 0, kind: 'type', text: what });
      }
      const known = out[index]?.[origin];
      origins[index] = typeof known === 'number' ? known : -1;
    }
    return answer(out, total, origins);
  }

  function wrongBatch(trouble: Trouble): string {
    troubles = [trouble];
    return answer([], total, []);
  }

  function batch(facts: string): string {
    settled = undefined;
    try {
      for (let index = 0; index < list.length; index++) {
        // A copy made with `{...event}` carries it along, and so keeps what is known of the record.
        (list[index] as Record<symbol, unknown>)[origin] = index;
      }
      const meta = facts === '' ? [] : (parse(facts) as unknown);
      const made = apply(entry, undefined, [list, { meta }]);
      if (!(made instanceof Promise)) return batchAnswer(made);
      const onValue = (value: unknown): void => void (settled = { value, isError: false });
      const onError = (error: unknown): void => void (settled = { error, isError: true });
      void apply(then, made, [onValue, onError]);
      return '';
    } catch (error) {
      return wrongBatch({ ...thrown(error), at: 0 });
    }
  }

  function interrupted(): string {
    if (mode === 'batch') return wrongBatch({ at: 0, kind: 'timeout', text: '' });
    // It is not known whose promises have no end; one by one it shows.
    if (isDone) return `{"is":"broken","id":${id},"breach":"timeout"}\n`;
    troubles[troubles.length] = { at: from + at, kind: 'timeout', text: '' };
    list[at] = null;
    at++;
    return answer(part(at), from + at);
  }

  function afterPromise(): string {
    if (settled === undefined) return wrongBatch({ at: 0, kind: 'endless-promise', text: '' });
    return settled.isError
      ? wrongBatch({ ...thrown(settled.error), at: 0 })
      : batchAnswer(settled.value);
  }

  function write(level: Line[0], given: unknown[]): void {
    if (lines.length >= maxLines) {
      hushed++;
      return;
    }
    lines[lines.length] = [level, short(shown(given)), from + at];
  }

  const console = {
    log: (...given: unknown[]) => write('info', given),
    info: (...given: unknown[]) => write('info', given),
    warn: (...given: unknown[]) => write('warn', given),
    error: (...given: unknown[]) => write('error', given),
    debug: (...given: unknown[]) => write('debug', given),
  };
  const world = globalThis as unknown as Record<string, unknown>;
  world['console'] = console;
  // They can reserve memory that no limit of the isolate counts, or make a thread wait.
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) delete world[name];

  return {
    begin(found) {
      if (found === undefined) return 'missing';
      if (typeof found !== 'function') return 'not-function';
      entry = found as typeof entry;
      return '';
    },
    run(text, job, first, isExact, untilMs, facts) {
      id = job;
      from = first;
      start = 0;
      at = 0;
      troubles = [];
      list = (
        isExact ? (parse as (t: string, r: unknown) => unknown)(text, exactly) : parse(text)
      ) as unknown[];
      total = list.length;
      return mode === 'batch' ? batch(facts) : records(untilMs);
    },
    more: records,
    take: (isInterrupted) => (isInterrupted ? interrupted() : afterPromise()),
  };
}
