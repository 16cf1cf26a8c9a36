import type { Fault } from '@cannectors/core';
import {
  failed,
  gaveTooMuch,
  missingProcessBatch,
  missingTransform,
  notCompiled,
  notFunction,
  spoilt,
  tookTooLong,
  tookTooMuch,
} from './faults.ts';
import type { Breach, Limits, Mode, Report } from './messages.ts';

type Misstart = Extract<Report, { is: 'unstartable' }>;

/** The fault of a batch that broke a limit. */
export function breachFault(breach: Breach, limits: Limits, reason: string): Fault {
  const where = 'for the batch';
  if (breach === 'timeout' || breach === 'cpu') return tookTooLong(breach, limits, where);
  if (breach === 'output') return gaveTooMuch(reason, where);
  return breach === 'spoilt' ? spoilt(reason, where) : tookTooMuch(limits, where);
}

/** The fault of a script that does not start. */
export function misstart(
  report: Pick<Misstart, 'kind' | 'text' | 'stack'>,
  mode: Mode,
  limits: Limits,
): Fault {
  const { kind, text } = report;
  if (kind === 'missing') return mode === 'record' ? missingTransform() : missingProcessBatch();
  if (kind === 'not-function') return notFunction(mode === 'record' ? 'transform' : 'processBatch');
  if (kind === 'compile') return notCompiled(text);
  if (kind === 'timeout' || kind === 'cpu') return tookTooLong(kind, limits, 'at its start');
  if (kind === 'spoilt') return spoilt(text, 'at its start');
  if (kind === 'memory' || kind === 'output') return tookTooMuch(limits, 'at its start');
  return failed({ ...report, kind }, 'at its start');
}
