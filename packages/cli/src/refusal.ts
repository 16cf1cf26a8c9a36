import { faultOf } from '@cannectors/core';
import type { Flags } from './flags.ts';
import { jsonText } from './json-text.ts';
import { errorLines } from './summary.ts';
import { terminal } from './terminal.ts';

/** Says why a command could not do its work: never with a stack. */
export function explain(error: unknown, flags: Flags): void {
  const screen = terminal(flags);
  const { code, message, hint } = faultOf(error, 'cli.unexpected');
  const failure = { code, message, ...(hint !== undefined && { hint }) };
  if (flags.json) screen.result(`${jsonText({ status: 'error', error: failure })}\n`);
  screen.error((paint) => `${paint('red', '✖')} ${errorLines(failure).join('\n').trimStart()}`);
}
