import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../src/index.ts';
import { resolved } from './documents.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const step = { type: 'set', id: 'a', target: 'x', value: 1, onError: 'skip' };
const http = {
  endpoint: 'x',
  timeoutMs: 5,
  retry: { maxAttempts: 1, delayMs: 0 },
  authentication: { type: 'basic', user: 'a', password: 'b' },
};
const options = {
  enabled: true,
  requires: { file: '*' },
  dryRunOptions: { maxRecords: 1 },
  routing: 'all',
  unmatched: 'drop',
  defaults: {
    timeoutMs: 1,
    retry: { maxAttempts: 1, retryableStatusCodes: [500] },
    onError: 'log',
  },
  onErrorScope: 'all',
};

/** Two documents that use nearly everything. */
const documents: readonly Json[] = [
  {
    name: 'orders',
    id: 'orders',
    version: '1',
    tags: ['a'],
    input: { type: 'httpPolling', schedule: 'TZ=UTC @daily', timezone: 'UTC', ...http },
    filters: [
      step,
      {
        type: 'condition',
        expression: 'x',
        then: [step],
        else: [{ type: 'loop', field: 'a', filters: [step] }],
      },
    ],
    outputs: [
      { type: 'httpRequest', when: 'x', required: false, lag: { mode: 'gap' }, ...http },
      { type: 'console', id: 'b' },
    ],
    batch: { maxEvents: 1, maxInflight: 1 },
    commitPolicy: { mode: 'quorum', quorum: 1 },
    deadLetter: { target: { type: 'output', output: { type: 'console' } }, maxRate: { ratio: 1 } },
    memory: { maxBytes: 100_000_000 },
    checkpoint: { intervalMs: 1 },
    ...options,
  },
  {
    kind: 'Pipeline',
    metadata: { name: 'orders', labels: { a: 'b' }, annotations: { description: 'x' } },
    spec: {
      source: { type: 'query', config: { connectionStringRef: '${A}', query: 'x' } },
      processors: [{ type: 'javascript', id: 'j', config: { inline: 'x' } }, step],
      sinks: [{ type: 'console', config: { when: 'x' } }],
      batch: { max_events: 1, respect_source_tx: null },
      commit_policy: { mode: 'all' },
      journal: { enabled: true, dlq: { target: { type: 'store' }, max_rate: { ratio: 1 } } },
      memory: { max_bytes: 100_000_000 },
      ...options,
    },
  },
];

const anything = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json> },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(null, -1, 1e300, '', 'x', '${A}', [], {}, [null], true),
  },
);

/** A document with something else in a few places, or nothing. */
const damaged = fc
  .record({
    document: fc.constantFrom(...documents),
    damage: fc.array(
      fc.record({
        at: fc.nat(),
        put: fc.option(anything, { nil: undefined }),
        key: fc.constantFrom('', 'type', 'config', '__proto__', 'when'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ document, damage }) => {
    const copy = structuredClone(document);
    for (const { at, put, key } of damage) damageAt(copy, at, put, key);
    return copy;
  });

describe('any document', () => {
  it('is a pipeline, or has problems with places; nothing is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, async (document) => {
        const { pipeline, problems, warnings } = await resolved(JSON.stringify(document), {
          file: 'pipeline.json',
          env: { A: 'value' },
        });

        expect(pipeline === undefined).toBe(problems.length > 0);
        expect(exitCodeOf(problems)).toBe(pipeline ? 0 : 1);
        for (const { line, column, message } of [...problems, ...warnings]) {
          expect([line, column]).toEqual([expect.any(Number), expect.any(Number)]);
          expect(message).not.toMatch(/undefined|NaN|\[object/);
        }
      }),
      { numRuns: 400 },
    );
    expect(({} as Record<string, unknown>)['type']).toBeUndefined();
  });

  it.each(documents)('%# is a pipeline when it is whole', async (document) => {
    const { problems } = await resolved(JSON.stringify(document), {
      file: 'pipeline.json',
      env: { A: 'value' },
    });

    expect(problems).toEqual([]);
  });
});

/** Changes, removes or adds a value at one of all the places in a document. */
function damageAt(document: Json, at: number, put: Json | undefined, key: string): void {
  const places: (() => void)[] = [];
  const visit = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    const object = value as Record<string, Json>;
    for (const name of Object.keys(object)) {
      places.push(() => {
        if (put !== undefined) define(object, key === '' ? name : key, structuredClone(put));
        else if (Array.isArray(value)) value.splice(Number(name), 1);
        else delete object[name];
      });
      visit(object[name] ?? null);
    }
  };
  visit(document);
  places[at % Math.max(1, places.length)]?.();
}

function define(object: object, name: string, value: Json): void {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
