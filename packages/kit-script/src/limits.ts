import type { ScriptLimits } from './config.ts';
import { limitTwice } from './faults.ts';
import type { Limits } from './messages.ts';

/**
 * Completes the limits of a script: 5 seconds, of CPU time the same, 64 MiB.
 *
 * @throws `script.limit-twice` when one is given in both spellings
 */
export function limitsOf(given: ScriptLimits = {}): Limits {
  const timeoutMs = one(given, 'timeoutMs', 'timeout_ms') ?? 5000;
  return {
    timeoutMs,
    cpuMs: one(given, 'cpuMs', 'cpu_ms') ?? timeoutMs,
    memMb: one(given, 'memMb', 'mem_mb') ?? 64,
  };
}

type Camel = 'timeoutMs' | 'cpuMs' | 'memMb';
type Snake = 'timeout_ms' | 'cpu_ms' | 'mem_mb';

function one(given: ScriptLimits, camel: Camel, snake: Snake): number | undefined {
  const { [camel]: usual, [snake]: other } = given;
  if (usual !== undefined && other !== undefined) throw limitTwice(camel, snake);
  return usual ?? other;
}
