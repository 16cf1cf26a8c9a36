import type { Counts, RunError, RunResult } from '@cannectors/core/run';
import { jsonText } from './json-text.ts';
import { printable } from './printable.ts';
import { count, durationText, rateText } from './quantity.ts';
import type { Paint } from './terminal.ts';

/** Where the rate ends: the ledger stands left, the rate right. */
const width = 70;

/** What a run that went well ends with. Its checkpoint is at `statePath`; in a dry run nowhere. */
export function successText(
  result: RunResult,
  statePath: string | undefined,
  paint: Paint,
): string {
  const { pipeline, duration_ms, partial, checkpoint } = result;
  const place = statePath === undefined ? 'would be ' : `${statePath}  `;
  const state = checkpoint === undefined ? [] : [`  state ${place}${jsonText(checkpoint)}`];
  return [
    `${paint('green', '✔')} ${paint('bold', 'Pipeline executed successfully')}  ${printable(pipeline)}  ${durationText(duration_ms)}`,
    ledgerLine(result),
    ...outputLines(result),
    ...markerLines(result),
    ...(partial
      ? [`  ${paint('yellow', 'partial')}: an outage left records for the next run`]
      : []),
    ...state.map(printable),
  ].join('\n');
}

/** What a run that failed ends with: the module, the error, the advice, and what became of the records. */
export function failureText(result: RunResult, paint: Paint): string {
  return [
    failureHead(paint, result.pipeline, durationText(result.duration_ms)),
    ...errorLines(result.error),
    ledgerLine(result),
    ...outputLines(result),
  ].join('\n');
}

/** The first line of everything that went wrong while a pipeline ran, or was about to. */
export function failureHead(paint: Paint, ...facts: readonly string[]): string {
  return [
    `${paint('red', '✖')} ${paint('bold', 'Pipeline execution failed')}`,
    ...facts.map(printable),
  ].join('  ');
}

/** An error of a run, or a fault: `module: message`, and its hint. */
export function errorLines(
  error: (Pick<RunError, 'message' | 'hint'> & { readonly module?: string }) | undefined,
): string[] {
  if (error === undefined) return [];
  const { module, message, hint } = error;
  const lines = [`  ${module ? `${module}: ` : ''}${message}`];
  if (hint !== undefined) lines.push(`  → ${hint}`);
  return lines.map(printable);
}

/** `read 500 · written 480 · dropped 20`: zeros are left out, but for what was written. */
function ledgerLine(result: RunResult): string {
  const { records_read, records_created = 0, records_dead_lettered = 0, duration_ms } = result;
  const ledger = `  ${[`read ${records_read}`, ...parts({ ...result, records_dead_lettered }, records_created)].join(' · ')}`;
  const rate = rateText(records_read, duration_ms);
  return rate ? ledger.padEnd(width - rate.length - 2) + `  ${rate}` : ledger;
}

function parts(counts: Counts, created = 0): string[] {
  const { records_written, records_dropped, records_failed, records_dead_lettered } = counts;
  const words: [string, number][] = [
    ['created', created],
    ['written', records_written],
    ['dropped', records_dropped],
    ['failed', records_failed],
    ['dead-lettered', records_dead_lettered],
  ];
  return words
    .filter(([word, amount]) => amount > 0 || word === 'written')
    .map(([word, amount]) => `${word} ${amount}`);
}

function outputLines({ outputs = {} }: RunResult): string[] {
  return Object.entries(outputs).map(([id, counts]) =>
    printable(`  output ${id}: ${parts(counts).join(' · ')}`),
  );
}

function markerLines({ error_counts = {} }: RunResult): string[] {
  const entries = Object.entries(error_counts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [];
  const sum = entries.reduce((total, [, amount]) => total + amount, 0);
  return [`  ${count(sum, 'error marker')}`, ...entries.map(([name, n]) => `    ${name} ${n}`)];
}
