import { describe, expect, it } from 'vitest';
import { flat, pipelineOf } from './documents.ts';

/** The config of an input, a call, a nested call and an output, with these `defaults`. */
async function configs(
  defaults: string,
  own = '',
): Promise<Record<'input' | 'call' | 'nested' | 'output', Record<string, unknown>>> {
  const call = `{ type: http_call, endpoint: x${own} }`;
  const pipeline = await pipelineOf(
    flat(
      `filters:
  - ${call}
  - { type: condition, expression: x, then: [{ type: loop, field: a, filters: [${call}] }] }
outputs: [{ type: httpRequest, endpoint: x${own} }]
${defaults}`,
      `{ type: httpPolling, endpoint: x${own} }`,
    ),
  );
  const [first, condition] = pipeline.filters;
  const [loop] = condition!.config['then'] as [{ filters: [Record<string, unknown>] }];
  return {
    input: pipeline.input.config,
    call: first?.config ?? {},
    nested: loop.filters[0],
    output: pipeline.outputs[0]?.config ?? {},
  };
}

const complete = {
  maxAttempts: 3,
  delayMs: 1000,
  backoffMultiplier: 2,
  maxDelayMs: 30_000,
  useRetryAfterHeader: false,
};

describe('retry', () => {
  it('is the module’s own idea where nothing is said', async () => {
    for (const defaults of ['', 'defaults: {}', 'defaults: { retry: {} }']) {
      const { input, call, nested, output } = await configs(defaults);

      expect(input['retry']).toEqual(complete);
      expect(output['retry']).toEqual(complete);
      expect(call).not.toHaveProperty('retry');
      expect(nested).not.toHaveProperty('retry');
    }
  });

  it.each([
    ['', ', retry: {}', {}],
    ['', ', retry: { maxAttempts: 1 }', { maxAttempts: 1 }],
    ['', ', retry: { delayMs: 5 }', { maxAttempts: 3, delayMs: 5 }],
    ['', ', retry: { delayMs: 0, maxDelayMs: 0 }', { delayMs: 1000, maxDelayMs: 30_000 }],
    ['', ', retry: { retryableStatusCodes: [] }', { retryableStatusCodes: [] }],
    ['retry: { maxAttempts: 7 }', '', { maxAttempts: 7, delayMs: 1000 }],
    ['retry: { delayMs: 7 }', '', { maxAttempts: 3, delayMs: 7 }],
    ['retry: { maxAttempts: 7, delayMs: 7 }', ', retry: {}', { maxAttempts: 7, delayMs: 7 }],
    [
      'retry: { maxAttempts: 7, delayMs: 7 }',
      ', retry: { maxAttempts: 0 }',
      { maxAttempts: 0, delayMs: 7 },
    ],
    ['retry: { delayMs: 7 }', ', retry: { delayMs: 0 }', { delayMs: 7 }],
    ['retry: { delayMs: 0 }', '', { delayMs: 1000 }],
    [
      'retry: { useRetryAfterHeader: true }',
      ', retry: { useRetryAfterHeader: false }',
      { useRetryAfterHeader: false },
    ],
    [
      'retry: { retryableStatusCodes: [500] }',
      ', retry: { retryableStatusCodes: [] }',
      { retryableStatusCodes: [] },
    ],
    // Not every plugin knows every field.
    ['retry: { jitter: true, maxAttempts: 1 }', '', { maxAttempts: 1 }],
  ])('field by field, with defaults { %s } and a module%s', async (defaults, own, expected) => {
    const { input, call, nested, output } = await configs(`defaults: { ${defaults} }`, own);

    for (const config of [input, call, nested, output]) {
      expect(config['retry']).toEqual({ ...complete, ...expected });
    }
  });
});

describe('timeoutMs', () => {
  it.each([
    ['', '', 30_000],
    ['timeoutMs: 5', '', 5],
    ['timeoutMs: 0', '', 30_000],
    ['timeoutMs: 5', ', timeoutMs: 7', 7],
  ])('with defaults { %s } and a module%s', async (defaults, own, expected) => {
    const { input, call, nested, output } = await configs(`defaults: { ${defaults} }`, own);

    for (const config of [input, call, nested, output]) expect(config['timeoutMs']).toBe(expected);
  });

  it('goes only where the schema has it', async () => {
    const { input } = await pipelineOf(
      flat('defaults: { timeoutMs: 5, retry: { maxAttempts: 1 } }'),
    );

    expect(input.config).toEqual({ path: 'in.json' });
  });
});

describe('onError', () => {
  it('comes from the module, the defaults, or is `fail`, at every depth', async () => {
    const text = flat(`defaults: { onError: " LOG" }
filters:
  - { type: drop }
  - { type: drop, onError: skip }
  - { type: drop, onError: "" }
  - { type: loop, field: a, filters: [{ type: drop }, { type: drop, onError: Fail }] }
`);

    const { input, filters, outputs, defaults } = await pipelineOf(text);

    expect(filters.map(({ onError }) => onError)).toEqual(['log', 'skip', 'log', 'log']);
    expect(filters[3]?.config['filters']).toMatchObject([{ onError: 'log' }, { onError: 'fail' }]);
    expect([input.onError, outputs[0]?.onError, defaults.onError]).toEqual(['log', 'log', 'log']);
  });

  it('may be empty in the defaults', async () => {
    expect((await pipelineOf(flat('defaults: { onError: "" }'))).defaults).toEqual({});
  });
});
