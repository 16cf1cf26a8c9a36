import { Type } from 'typebox';

const number = { type: 'integer', minimum: 1 } as const;

/** Limits of a script, in either spelling (spec/connectors/pipeline.md, section 1.1). */
export interface ScriptLimits {
  readonly timeoutMs?: number;
  readonly cpuMs?: number;
  readonly memMb?: number;
  readonly timeout_ms?: number;
  readonly cpu_ms?: number;
  readonly mem_mb?: number;
}

/** The field `limits`. @param what what the times count for, as in `one call of \`transform\`` */
export function limitsField(what: string) {
  return Type.Optional(
    Type.Unsafe<ScriptLimits>({
      type: 'object',
      description: `What ${what} may use. Also \`timeout_ms\`, \`cpu_ms\`, \`mem_mb\`.`,
      additionalProperties: false,
      properties: {
        timeoutMs: { ...number, description: `Longest time for ${what}. Default 5000.` },
        cpuMs: { ...number, description: 'CPU time of it. Default: as `timeoutMs`.' },
        memMb: {
          ...number,
          minimum: 8,
          maximum: 4096,
          description: 'Memory of the script, in MiB. Default 64.',
        },
      },
      patternProperties: {
        '^(timeout_ms|cpu_ms)$': { ...number, description: 'As `timeoutMs` and `cpuMs`.' },
        '^mem_mb$': { ...number, minimum: 8, maximum: 4096, description: 'As `memMb`.' },
      },
    }),
  );
}

/** The field `scriptFile`. */
export function scriptFileField(entry: string) {
  return Type.Optional(
    Type.String({
      description: `A file with the script, which has the function \`${entry}\`. Beside the pipeline file, else in the working folder.`,
      examples: ['scripts/prices.js'],
    }),
  );
}
