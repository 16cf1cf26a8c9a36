import { execFileSync } from 'node:child_process';
import { root } from '../workspace.ts';

/** What `cannectors version` tells of a build; the commit is unknown outside a git repository. */
export function stampOf(now: Date): { commit: string; build_date: string } {
  return { commit: commit(), build_date: now.toISOString() };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
