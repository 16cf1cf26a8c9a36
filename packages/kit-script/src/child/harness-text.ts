import type { Mode } from '../messages.ts';
import { harness } from './harness.ts';
import { shownInside } from './shown.ts';

/** Characters of one line of the console, and of one thrown value. */
const maxText = 8192;

/** The expression that an engine evaluates before the script; its value is `Inside`. */
export function harnessText(mode: Mode, maxOutput: number): string {
  return `(${harness.toString()})("${mode}", ${maxOutput}, (${shownInside.toString()})(${maxText}))`;
}
