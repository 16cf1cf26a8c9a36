import type { Fault, Json, JsonRecord, Log } from '@cannectors/core';
import { isRecord, markIntegers, typeName } from '@cannectors/kit-record';
import type { Answer } from './answer.ts';
import { logLines } from './console.ts';
import { everyPath } from './every-path.ts';
import { failed, gaveTooMuch, spoilt, tookTooLong, tookTooMuch } from './faults.ts';
import type { Limits, Script, Trouble } from './messages.ts';
import type { RecordTexts } from './record-texts.ts';
import { supervisor } from './supervisor.ts';

/** Records for the function `transform` of a script. */
export interface RecordWork extends RecordTexts {
  /** Their indexes, as the kernel counts. */
  readonly indexes: readonly number[];
  /** Another number than before asks for a fresh global environment. */
  readonly life: number;
  readonly signal: AbortSignal;
  /** Called once for each record, in order, as soon as it is known what became of it. */
  readonly settled: (position: number, outcome: JsonRecord | Fault) => void;
}

/** A script with a function `transform`, in a process of its own that is started when it is needed. */
export interface RecordSandbox {
  /** Starts the script for this `life`. @throws as `run` */
  readonly open: (life: number, signal: AbortSignal) => Promise<void>;
  /** @throws a fault when the script does not start, or there is no sandbox */
  run(work: RecordWork): Promise<void>;
  /** Process id of the sandbox, if it is there. */
  readonly pid: () => number | undefined;
  readonly close: () => void;
}

export interface SandboxOptions {
  readonly script: Script;
  readonly limits: Limits;
  readonly log: Log;
}

/** Characters of JSON that a script may give back at once. */
export const maxOutput = 64 * 1024 * 1024;

/** Makes a sandbox for a script that handles one record at a time. Starts nothing yet. */
export function recordSandbox({ script, limits, log }: SandboxOptions): RecordSandbox {
  const inner = supervisor({
    mode: 'record',
    script,
    limits,
    maxOutput,
    onRestart: (reason) => log.warn('script is started anew', { reason }),
  });

  const answered = (work: RecordWork, answer: Answer): void => {
    const { indexes, settled } = work;
    logLines(answer, log, script.name, (at) => indexes[at]);
    const troubles = new Map(answer.troubles.map((trouble) => [trouble.at, trouble]));
    for (let at = answer.from; at < answer.next; at++) {
      const record = answer.records[at - answer.from];
      const trouble = troubles.get(at) ?? wrongType(record, at);
      if (trouble !== undefined) settled(at, faultOf(trouble, limits, indexes[at] ?? at));
      else {
        markIntegers(record as JsonRecord, everyPath);
        settled(at, record as JsonRecord);
      }
    }
  };

  return {
    open: (life, signal) => inner.start(life, signal),
    run: (work) => inner.run({ ...work, answered: (answer) => answered(work, answer) }),
    pid: inner.pid,
    close: inner.close,
  };
}

/** What a `toJSON` has made of a record. */
function wrongType(value: Json | undefined, at: number): Trouble | undefined {
  if (isRecord(value)) return undefined;
  return { at, kind: 'type', text: `invalid type ${typeName(value)} as JSON` };
}

function faultOf(trouble: Trouble, limits: Limits, index: number): Fault {
  const where = `at record ${index}`;
  switch (trouble.kind) {
    case 'timeout':
    case 'cpu':
      return tookTooLong(trouble.kind, limits, where);
    case 'memory':
      return tookTooMuch(limits, where);
    case 'output':
      return gaveTooMuch(trouble.text, where);
    case 'spoilt':
      return spoilt(trouble.text, where);
    case 'thrown':
    case 'type':
    case 'endless-promise':
      return failed(trouble, where);
  }
}
