import { describe, expect, it } from 'vitest';
import { codes, flat, pipelineOf, told } from './documents.ts';

describe('a flat document', () => {
  it('takes every default', async () => {
    const pipeline = await pipelineOf(flat());

    expect(pipeline).toEqual({
      shape: 'flat',
      name: 'orders',
      id: 'orders',
      tags: [],
      labels: {},
      tenant: 'default',
      enabled: true,
      requires: {},
      input: {
        type: 'file',
        enabled: true,
        onError: 'fail',
        overlap: 'coalesce',
        misfire: 'none',
        config: { path: 'in.json' },
        pointer: '/input',
        configPointer: '/input',
      },
      filters: [],
      outputs: [
        {
          type: 'console',
          id: 'output',
          enabled: true,
          required: true,
          onError: 'fail',
          config: { pretty: false },
          pointer: '/output',
          configPointer: '/output',
        },
      ],
      defaults: {},
      routing: 'all',
      unmatched: 'fail',
      commitPolicy: { mode: 'required' },
      memory: { maxBytes: 67_108_864, maxRecordBytes: 16_777_216 },
      checkpoint: { intervalMs: 0 },
      drainTimeoutMs: 30_000,
      pauseHoldMs: 60_000,
      onErrorScope: 'all',
      errorMarkers: 'calls',
      dryRunOptions: {
        showCredentials: false,
        previewLimit: 10,
        includeHeaders: true,
        includeBody: true,
        allowSideEffects: true,
      },
    });
  });

  it('reads everything it may say', async () => {
    const pipeline = await pipelineOf(`
name: "Orders, all of them"
id: all-orders
version: "1.0"
description: Every order.
tags: [a, b]
enabled: false
requires: { file: "^1.2", set: ">=1 <2" }
dryRunOptions: { showCredentials: true, maxRecords: 5 }
input: { type: file, id: in, name: In, description: It, tags: [x], path: a, schedule: "@hourly", timezone: Europe/Berlin, overlap: queue, misfire: once, maxRunMs: 5 }
filters:
  - { type: set, enabled: false, target: a, value: null, onError: " SKIP " }
outputs:
  - { id: one, type: console, when: total > 1, required: false, onError: Dlq }
  - { type: file, path: b }
routing: first-match
unmatched: drop
batch: { maxEvents: 10, maxMs: null }
commitPolicy: { mode: quorum, quorum: 1 }
deadLetter: { maxEntries: 5000 }
outputDeadlineMs: 1000
memory: { maxBytes: 100000000 }
checkpoint: { intervalMs: 5 }
drainTimeoutMs: 1
pauseHoldMs: 2
onErrorScope: records
errorMarkers: all
`);

    expect(pipeline).toMatchObject({
      name: 'Orders, all of them',
      id: 'all-orders',
      version: '1.0',
      description: 'Every order.',
      tags: ['a', 'b'],
      enabled: false,
      requires: { file: '^1.2', set: '>=1 <2' },
      dryRunOptions: { showCredentials: true, maxRecords: 5, previewLimit: 10 },
      input: {
        id: 'in',
        name: 'In',
        description: 'It',
        tags: ['x'],
        schedule: '@hourly',
        timezone: 'Europe/Berlin',
        overlap: 'queue',
        misfire: 'once',
        maxRunMs: 5,
        config: { path: 'a' },
      },
      filters: [{ enabled: false, onError: 'skip', config: { target: 'a', value: null } }],
      outputs: [
        { id: 'one', when: 'total > 1', required: false, onError: 'dlq' },
        { id: 'file', required: true, onError: 'fail' },
      ],
      routing: 'first-match',
      unmatched: 'drop',
      batch: {
        maxEvents: 10,
        maxBytes: 16_777_216,
        maxMs: 50,
        respectSourceTx: true,
        maxInflight: 1,
      },
      commitPolicy: { mode: 'quorum', quorum: 1 },
      deadLetter: {
        target: { type: 'store' },
        maxEntries: 5000,
        maxAgeSecs: 604_800,
        overflowPolicy: 'block',
        transient: false,
        maxRate: { ratio: 0.5, minRecords: 100 },
        maxEventBytes: 262_144,
        truncate: false,
      },
      outputDeadlineMs: 1000,
      memory: { maxBytes: 100_000_000, maxRecordBytes: 16_777_216 },
      checkpoint: { intervalMs: 5 },
      drainTimeoutMs: 1,
      pauseHoldMs: 2,
      onErrorScope: 'records',
      errorMarkers: 'all',
    });
  });

  it.each([
    ['batch: {}', { batch: { maxEvents: 2000, maxInflight: 1 } }],
    ['deadLetter: true', { deadLetter: { target: { type: 'store' }, maxEntries: 10_000 } }],
    ['deadLetter: { maxRate: { ratio: 1 } }', { deadLetter: { maxRate: { minRecords: 100 } } }],
    ['memory: { maxRecordBytes: 5 }', { memory: { maxBytes: 67_108_864, maxRecordBytes: 5 } }],
  ])('%s takes its own defaults', async (more, expected) => {
    expect(await pipelineOf(flat(more))).toMatchObject(expected);
  });

  it('has no dead letters with `deadLetter: false`', async () => {
    expect(await pipelineOf(flat('deadLetter: false'))).not.toHaveProperty('deadLetter');
  });

  it('sends dead letters to an output of their own', async () => {
    const { deadLetter } = await pipelineOf(
      flat(`deadLetter: { target: { type: output, output: { type: file, path: dead } } }
defaults: { onError: dlq }`),
    );

    expect(deadLetter?.target).toMatchObject({
      type: 'output',
      onFailure: 'block',
      output: {
        type: 'file',
        id: 'file',
        onError: 'fail',
        config: { path: 'dead' },
        pointer: '/deadLetter/target/output',
      },
    });
  });

  it('is found in its old wrapper', async () => {
    const text = `connector:\n  ${flat('filters: [{ type: set, target: a }]').replaceAll('\n', '\n  ')}`;

    expect(await codes(text)).toEqual(['config.required /connector/filters/0']);
    expect((await told(text)).problems[0]).toMatch(/^5:13 connector\.filters\[0\]: missing/);
  });

  it.each([
    ['', '/: the document is empty'],
    ['name: a', '/: neither `input` nor `spec` is given'],
    ['name: a\ninputs: {}', 'did you mean "input"?'],
    ['name: a\nspecs: {}', 'did you mean "spec"?'],
    ['input: {}\nspec: {}', '/: both `input` and `spec` are given'],
    ['connector: {}', 'connector: neither `input` nor `spec` is given'],
    ['connector: 1', '/: neither `input` nor `spec` is given'],
  ])('%j is neither shape', async (text, expected) => {
    const { problems } = await told(text === '' ? '{}' : text);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });
});

describe('what is wrong in a flat document', () => {
  it.each([
    ['name: ""', ['config.length /name']],
    ['name: 5', ['config.type /name']],
    ['name: a\nid: Upper', ['config.pattern /id']],
    ['name: a\nid: 9a', ['config.pattern /id']],
    ['name: a\nid: "a b"', ['config.pattern /id']],
    ['name: a\nversion: 1.0', ['config.type /version']],
    ['name: a\nversion: ""', ['config.length /version']],
    ['name: a\ntags: [b, b]', ['config.items /tags']],
    ['name: a\ntags: b', ['config.type /tags']],
    ['name: a\ntags: [1]', ['config.type /tags/0']],
    ['name: a\nenabled: yes', ['config.type /enabled']],
    ['name: a\nschedule: "@hourly"', ['config.unknown-key /schedule']],
    ['name: a\n__proto__: 1', ['config.unknown-key /__proto__']],
    [
      'name: a\nconstructor: 1\ntoString: 2',
      ['config.unknown-key /constructor', 'config.unknown-key /toString'],
    ],
    ['name: a\nfilters: {}', ['config.type /filters']],
    ['name: a\nfilters:', ['config.type /filters']],
    ['name: a\nfilters: [1, drop]', ['config.type /filters/0', 'config.type /filters/1']],
    ['name: a\ndefaults: { timeoutMs: -1 }', ['config.range /defaults/timeoutMs']],
    ['name: a\ndefaults: { onError: never }', ['config.enum /defaults/onError']],
    ['name: a\ndefaults: { retries: {} }', ['config.unknown-key /defaults/retries']],
    [
      'name: a\ndefaults: { retry: { maxAttempts: 11 } }',
      ['config.range /defaults/retry/maxAttempts'],
    ],
    [
      'name: a\ndefaults: { retry: { maxAttempts: 1.5 } }',
      ['config.type /defaults/retry/maxAttempts'],
    ],
    [
      'name: a\ndefaults: { retry: { backoffMultiplier: 0.5 } }',
      ['config.range /defaults/retry/backoffMultiplier'],
    ],
    ['name: a\ndefaults: { retry: { delayMs: -1 } }', ['config.range /defaults/retry/delayMs']],
    [
      'name: a\ndefaults: { retry: { retryableStatusCodes: [99] } }',
      ['config.range /defaults/retry/retryableStatusCodes/0'],
    ],
    ['name: a\nrouting: some', ['config.enum /routing']],
    ['name: a\nunmatched: keep', ['config.enum /unmatched']],
    ['name: a\nbatch: { maxEvents: 0 }', ['config.range /batch/maxEvents']],
    ['name: a\nbatch: { max_events: 1 }', ['config.unknown-key /batch/max_events']],
    ['name: a\nbatch: { maxMs: 0 }', ['config.range /batch/maxMs']],
    ['name: a\nbatch: { maxBytes: 99999999999999999999 }', ['config.type /batch/maxBytes']],
    ['name: a\ncommitPolicy: { mode: most }', ['config.enum /commitPolicy/mode']],
    ['name: a\ndeadLetter: yes', ['config.type /deadLetter']],
    ['name: a\ndeadLetter: { overflowPolicy: drop }', ['config.enum /deadLetter/overflowPolicy']],
    ['name: a\ndeadLetter: { maxRate: { ratio: 2 } }', ['config.range /deadLetter/maxRate/ratio']],
    ['name: a\ndeadLetter: { target: { type: table } }', ['config.enum /deadLetter/target/type']],
    ['name: a\ndeadLetter: { target: { type: output } }', ['config.required /deadLetter/target']],
    [
      'name: a\ndeadLetter: { target: { type: store, output: { type: file, path: a } } }',
      ['config.unknown-key /deadLetter/target/output'],
    ],
    [
      'name: a\ndeadLetter: { target: { type: output, output: { type: file } } }',
      ['config.required /deadLetter/target/output'],
    ],
    [
      'name: a\ndeadLetter: { target: { type: output, output: { type: file, path: a, onError: dlq } } }',
      ['config.no-dead-letter /deadLetter/target/output/onError'],
    ],
    ['name: a\noutputDeadlineMs: 0', ['config.range /outputDeadlineMs']],
    ['name: a\nmemory: { maxBytes: 0 }', ['config.range /memory/maxBytes']],
    ['name: a\ncheckpoint: { intervalMs: -1 }', ['config.range /checkpoint/intervalMs']],
    ['name: a\ndrainTimeoutMs: -1', ['config.range /drainTimeoutMs']],
    ['name: a\npauseHoldMs: soon', ['config.type /pauseHoldMs']],
    ['name: a\nonErrorScope: some', ['config.enum /onErrorScope']],
    ['name: a\nerrorMarkers: none', ['config.enum /errorMarkers']],
    ['name: a\ndryRunOptions: { verbose: true }', ['config.unknown-key /dryRunOptions/verbose']],
    ['name: a\nrequires: { file: 1 }', ['config.type /requires/file']],
  ])('is named by code and place: %j', async (text, expected) => {
    const document = `${text}\ninput: { type: file, path: in }\noutput: { type: console }\n`;

    expect(await codes(document)).toEqual(expected);
  });

  it.each([
    ['name: a\ninput: { type: file, path: in }', ['config.required ']],
    [
      'name: a\ninput: { type: file, path: in }\noutput: { type: console }\noutputs: [{ type: console }]',
      ['config.choice /outputs'],
    ],
    ['name: a\ninput: { type: file, path: in }\noutputs: []', ['config.items /outputs']],
    [
      'name: a\ninput: { type: file, path: in }\noutputs: { type: console }',
      ['config.type /outputs'],
    ],
    [
      'name: a\ninput: { type: file, path: in }\noutput: [{ type: console }]',
      ['config.type /output'],
    ],
    ['name: a\ninput:\noutput: { type: console }', ['config.type /input']],
    ['input: { type: file, path: in }\noutput: { type: console }', ['config.required ']],
  ])('%j', async (document, expected) => {
    expect(await codes(document)).toEqual(expected);
  });

  it('may be a text that is too long', async () => {
    const text = `name: ${'é'.repeat(129)}
description: ${'x'.repeat(1025)}
defaults: { retry: { retryHintFromBody: ${'x'.repeat(10_001)} } }
input: { type: file, path: in, name: ${'x'.repeat(129)} }
output: { type: console }
`;

    expect(await codes(text)).toEqual([
      'config.length /name',
      'config.length /description',
      'config.length /defaults/retry/retryHintFromBody',
      'config.length /input/name',
    ]);
    expect(await codes(flat().replace('orders', '😀'.repeat(128)))).toEqual([]);
  });

  it('is said all at once, in the order of the text, with places and hints', async () => {
    const { problems } = await told(`name: orders
filter: []
input:
  type: httpPoling
filters:
  - type: mapping
    mappings:
      - { target: a }
      - { source: b }
      - { target: c, onMissing: skipfield, form: 1 }
  - type: http_call
    endpoint: 5
    retries: 3
  - type: condition
    expression: x
    then:
      - { type: set, target: a, valeu: 1 }
      - { type: script, script: "" }
output:
  type: console
  when: total > 1
commitpolicy: {}
`);

    expect(problems).toEqual([
      `2:1 filter: unknown properties 'filter' are not allowed → did you mean "filters"?`,
      `4:9 input.type: invalid input configuration: type "httpPoling" is unknown, supported input types: file, httpPolling, query, webhook → did you mean "httpPolling"?`,
      `9:9 filters[0].mappings[1]: missing required property "target"`,
      `10:33 filters[0].mappings[2].onMissing: invalid value, supported: "setNull", "skipField", "useDefault", "fail" → did you mean "skipField"?`,
      `10:44 filters[0].mappings[2].form: unknown properties 'form' are not allowed`,
      `12:15 filters[1].endpoint: expected string, got number → Put it in quotes.`,
      `13:5 filters[1].retries: unknown properties 'retries' are not allowed`,
      `17:9 filters[2].then[0]: missing required property "value"`,
      `17:33 filters[2].then[0].valeu: unknown properties 'valeu' are not allowed → did you mean "value"?`,
      `18:17 filters[2].then[1].type: invalid filter[1] configuration: type "script" is unknown, supported filter types: condition, drop, http_call, javascript, loop, mapping, remove, set → Install it: pnpm add @cannectors/filter-script`,
      `21:3 output.when: unknown properties 'when' are not allowed → It belongs to an entry of \`outputs\` (\`sinks\` in a spec document).`,
      `22:1 commitpolicy: unknown properties 'commitpolicy' are not allowed → did you mean "commitPolicy"?`,
    ]);
  });
});
