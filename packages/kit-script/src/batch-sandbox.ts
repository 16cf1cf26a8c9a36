import type { JsonRecord } from '@cannectors/core';
import { isRecord, markIntegers, typeName } from '@cannectors/kit-record';
import type { Answer } from './answer.ts';
import { logLines } from './console.ts';
import { everyPath } from './every-path.ts';
import { failed, gaveTooMuch, tookTooLong } from './faults.ts';
import { maxOutput, type SandboxOptions } from './record-sandbox.ts';
import type { RecordTexts } from './record-texts.ts';
import { supervisor } from './supervisor.ts';

/** A batch for the function `processBatch` of a script. */
export interface BatchWork extends RecordTexts {
  /** What is known of each, as the text of a JSON list. Without it `context.meta` is empty. */
  readonly facts?: string;
  readonly signal: AbortSignal;
}

/** What a script made of a batch. */
export interface BatchOutcome {
  readonly records: readonly JsonRecord[];
  /** For each record the position of the one that it was, or -1. */
  readonly origins: readonly number[];
}

/** A script with a function `processBatch`, in a process of its own that is started when it is needed. */
export interface BatchSandbox {
  /** Starts the script. @throws a fault when it does not start, or there is no sandbox */
  readonly open: (signal: AbortSignal) => Promise<void>;
  /** @throws `EXECUTION_FAILED`, `script.*`: the whole batch has failed */
  run(work: BatchWork): Promise<BatchOutcome>;
  /** Process id of the sandbox, if it is there. */
  readonly pid: () => number | undefined;
  readonly close: () => void;
}

/** Records that may come back for one that was given, and at least so many. */
const growth = 10;

/** Makes a sandbox for a script that handles a batch at a time. Starts nothing yet. */
export function batchSandbox({ script, limits, log }: SandboxOptions): BatchSandbox {
  const inner = supervisor({
    mode: 'batch',
    script,
    limits,
    maxOutput,
    onRestart: (reason) => log.warn('script is started anew: its globals are lost', { reason }),
  });

  return {
    open: (signal) => inner.start(0, signal),
    async run(work) {
      let found: Answer | undefined;
      await inner.run({ ...work, life: 0, answered: (answer) => void (found = answer) });
      const answer = found as Answer;
      logLines(answer, log, script.name, () => undefined);
      const [trouble] = answer.troubles;
      const where = 'for the batch';
      if (trouble?.kind === 'output') throw gaveTooMuch(trouble.text, where);
      if (trouble?.kind === 'timeout') throw tookTooLong('timeout', limits, where);
      if (trouble !== undefined) throw failed(trouble, where);
      const { records, origins = [] } = answer;
      const most = growth * work.texts.length;
      if (records.length > most) {
        throw gaveTooMuch(`${records.length} records for ${work.texts.length}`, where);
      }
      for (const [index, record] of records.entries()) {
        if (isRecord(record)) {
          markIntegers(record, everyPath);
          continue;
        }
        const text = `a list whose element ${index} is ${typeName(record)} as JSON`;
        throw failed({ kind: 'type', text }, where);
      }
      return { records: records as JsonRecord[], origins };
    },
    pid: inner.pid,
    close: inner.close,
  };
}
