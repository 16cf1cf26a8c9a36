import type { Log } from '@cannectors/core';
import type { Answer } from './answer.ts';

/**
 * Hands on what a script wrote to its console.
 *
 * @param indexOf gives the index of a record of the job, as the kernel counts
 */
export function logLines(
  { lines, hushed }: Pick<Answer, 'lines' | 'hushed'>,
  log: Log,
  name: string,
  indexOf: (at: number) => number | undefined,
): void {
  for (const [level, text, at] of lines) {
    log[level](text, { source: 'javascript', module_id: name, record_index: indexOf(at) });
  }
  if (hushed > 0) {
    log.warn('lines of a script left out', {
      source: 'javascript',
      module_id: name,
      lines: hushed,
    });
  }
}
