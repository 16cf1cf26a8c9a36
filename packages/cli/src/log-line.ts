import type { LogEntry } from '@cannectors/host';
import { jsonText } from './json-text.ts';
import { printable } from './printable.ts';
import type { Colour, Paint } from './terminal.ts';

const maxFields = 5;

const colourOf: Readonly<Record<LogEntry['level'], Colour>> = {
  debug: 'dim',
  info: 'cyan',
  warn: 'yellow',
  error: 'red',
};

/** A log line for machines: one compact JSON object, keys in the order of D10. */
export function jsonLine({ time, level, msg, fields, ...rest }: LogEntry): string {
  const { pipeline, run, module, path, dryRun } = rest;
  const own = {
    time: time.toISOString(),
    level,
    msg,
    ...(pipeline !== undefined && { pipeline }),
    ...(run !== undefined && { run }),
    ...(module !== undefined && { module }),
    ...(path !== undefined && { path }),
    ...(dryRun && { dry_run: true }),
  };
  // Ours twice: first for the order of the keys, then so that no field of a plugin replaces them.
  return `${jsonText({ ...own, ...fields, ...own })}\n`;
}

/** A log line for people: time, level, message, where, and up to five fields. */
export function humanLine({ time, level, msg, path, fields }: LogEntry, paint: Paint): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
  const shown = pairs
    .slice(0, maxFields)
    .map(([key, value]) => `${paint('dim', `${key}=`)}${wordOf(value)}`);
  const more = pairs.length - shown.length;
  const parts = [
    paint('dim', time.toTimeString().slice(0, 8)),
    paint(colourOf[level], level.toUpperCase().padEnd(5)),
    printable(msg),
    ...(path === undefined ? [] : [paint('dim', path)]),
    ...shown,
    ...(more > 0 ? [paint('dim', `+${more} more`)] : []),
  ];
  return `${parts.join(' ')}\n`;
}

/** A value as one word: quoted where it would be read as several. */
function wordOf(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[^\s"=]+$/u.test(value);
  return printable(isPlain ? value : jsonText(value));
}
