import { describe, expect, it } from 'vitest';
import { codes, flat, pipelineOf, spec, told } from './documents.ts';

describe('a spec document', () => {
  it('differs from a flat one in its defaults only', async () => {
    const { shape, onErrorScope, errorMarkers, ...rest } = await pipelineOf(spec());
    const flatOne = await pipelineOf(flat());

    expect({ shape, onErrorScope, errorMarkers }).toEqual({
      shape: 'spec',
      onErrorScope: 'records',
      errorMarkers: 'all',
    });
    expect(rest).toEqual({
      ...rest,
      input: { ...flatOne.input, pointer: '/spec/source', configPointer: '/spec/source' },
      outputs: [
        {
          ...flatOne.outputs[0],
          id: 'console',
          pointer: '/spec/sinks/0',
          configPointer: '/spec/sinks/0',
        },
      ],
    });
    expect({ ...flatOne, ...rest, input: 0, outputs: 0 }).toEqual({
      ...flatOne,
      input: 0,
      outputs: 0,
    });
  });

  it('reads everything it may say', async () => {
    const pipeline = await pipelineOf(`
apiVersion: v1
kind: Pipeline
metadata:
  name: Orders.v1
  tenant: acme
  labels: { team: sales }
  annotations: { description: Every order., note: x }
spec:
  source: { type: file, config: { path: in, schedule: "@daily" } }
  processors:
    - { type: set, id: one, config: { target: a, value: 1, onError: LOG } }
  sinks:
    - { type: console, config: { id: first, pretty: true, required: false, when: x } }
    - { type: file, id: second, config: { path: out } }
  batch: { max_events: 5, max_bytes: 1000, max_ms: 7, respect_source_tx: false, max_inflight: 3 }
  commit_policy: { mode: all }
  sink_batch_deadline_secs: 3
  journal:
    enabled: true
    max_event_bytes: 9
    truncate: true
    dlq:
      target: { type: output, output: { type: file, config: { path: dead } }, on_failure: store }
      max_entries: 2
      max_age_secs: 0
      overflow_policy: drop_oldest
      transient: true
      max_rate: { ratio: 1, min_records: 4 }
  defaults: { timeoutMs: 5 }
  routing: all
  unmatched: dlq
  memory: { max_bytes: 100000000, max_record_bytes: 1 }
  checkpoint: { interval_ms: 8 }
  drain_timeout_ms: 9
  pause_hold_ms: 10
  requires: { file: "1" }
  onErrorScope: all
  errorMarkers: calls
  dryRunOptions: { previewLimit: 1 }
  enabled: false
`);

    expect(pipeline).toMatchObject({
      name: 'Orders.v1',
      id: 'Orders.v1',
      tenant: 'acme',
      labels: { team: 'sales' },
      description: 'Every order.',
      tags: [],
      enabled: false,
      input: {
        schedule: '@daily',
        config: { path: 'in' },
        pointer: '/spec/source',
        configPointer: '/spec/source/config',
      },
      filters: [{ id: 'one', onError: 'log', config: { target: 'a', value: 1 } }],
      outputs: [
        { id: 'first', required: false, when: 'x', onError: 'dlq', config: { pretty: true } },
        { id: 'second', required: true, onError: 'dlq', config: { path: 'out' } },
      ],
      batch: {
        maxEvents: 5,
        maxBytes: 1000,
        maxMs: 7,
        respectSourceTx: false,
        maxInflight: 3,
      },
      commitPolicy: { mode: 'all' },
      outputDeadlineMs: 3000,
      deadLetter: {
        maxEventBytes: 9,
        truncate: true,
        target: {
          type: 'output',
          onFailure: 'store',
          output: { config: { path: 'dead' }, pointer: '/spec/journal/dlq/target/output' },
        },
        maxEntries: 2,
        maxAgeSecs: 0,
        overflowPolicy: 'drop_oldest',
        transient: true,
        maxRate: { ratio: 1, minRecords: 4 },
      },
      defaults: { timeoutMs: 5 },
      unmatched: 'dlq',
      memory: { maxBytes: 100_000_000, maxRecordBytes: 1 },
      checkpoint: { intervalMs: 8 },
      drainTimeoutMs: 9,
      pauseHoldMs: 10,
      requires: { file: '1' },
      onErrorScope: 'all',
      errorMarkers: 'calls',
      dryRunOptions: { previewLimit: 1 },
    });
    expect(pipeline).not.toHaveProperty('annotations');
  });

  it('switches dead letters on with `enabled` only', async () => {
    expect(await pipelineOf(spec('journal: { dlq: { max_entries: 5 } }'))).not.toHaveProperty(
      'deadLetter',
    );
    expect(await pipelineOf(spec('journal: { enabled: true }'))).toMatchObject({
      deadLetter: { target: { type: 'store' }, maxEntries: 10_000, maxEventBytes: 262_144 },
    });
  });

  it('makes `dlq` what outputs do, unless something is said', async () => {
    const sinks = 'sinks: [{ type: console }, { type: file, path: a, onError: skip }]';
    const said = await pipelineOf(spec(`${sinks}\njournal: { enabled: true }`));
    const byDefault = await pipelineOf(
      spec(`journal: { enabled: true }\ndefaults: { onError: log }`),
    );

    expect(said.outputs.map(({ onError }) => onError)).toEqual(['dlq', 'skip']);
    expect(said.input.onError).toBe('fail');
    expect(byDefault.outputs[0]?.onError).toBe('log');
  });

  it('takes options beside `type` and under `config` at once', async () => {
    const pipeline = await pipelineOf(
      spec('processors: [{ type: set, target: a, config: { value: 1, enabled: false } }]'),
    );

    expect(pipeline.filters).toMatchObject([{ enabled: false, config: { target: 'a', value: 1 } }]);
  });

  it('takes `config` in nested steps too', async () => {
    const [condition] = (
      await pipelineOf(
        spec(`processors:
  - type: condition
    config:
      expression: x
      then: [{ type: set, config: { target: a, value: 1 } }]`),
      )
    ).filters;

    expect(condition?.config['then']).toEqual([
      { type: 'set', target: 'a', value: 1, enabled: true, onError: 'fail' },
    ]);
  });
});

describe('what is wrong in a spec document', () => {
  it.each([
    ['kind: Pipe\nmetadata: { name: a }', ['config.enum /kind']],
    ['apiVersion: 1\nmetadata: { name: a }', ['config.type /apiVersion']],
    ['metadata: {}', ['config.required /metadata']],
    ['metadata: { name: "a b" }', ['config.pattern /metadata/name']],
    ['metadata: { name: .a }', ['config.pattern /metadata/name']],
    [`metadata: { name: ${'a'.repeat(129)} }`, ['config.pattern /metadata/name']],
    ['metadata: { name: a, labels: { b: 1 } }', ['config.type /metadata/labels/b']],
    ['metadata: { name: a, tags: [] }', ['config.unknown-key /metadata/tags']],
    ['name: a\nmetadata: { name: a }', ['config.unknown-key /name']],
    ['description: x', ['config.required ', 'config.unknown-key /description']],
  ])('%j', async (head, expected) => {
    const text = `${head}\nspec: { source: { type: file, path: a }, sinks: [{ type: console }] }\n`;

    expect((await codes(text)).toSorted()).toEqual(expected);
  });

  it.each([
    ['sharding: {}', ['config.unknown-key /spec/sharding']],
    ['connection_policy: {}', ['config.unknown-key /spec/connection_policy']],
    ['sinks: []', ['config.items /spec/sinks']],
    ['sinks:', ['config.type /spec/sinks']],
    ['batch: { maxEvents: 1 }', ['config.unknown-key /spec/batch/maxEvents']],
    ['batch: { max_events: 0 }', ['config.range /spec/batch/max_events']],
    ['batch: { max_ms: 0 }', ['config.range /spec/batch/max_ms']],
    ['commitPolicy: {}', ['config.unknown-key /spec/commitPolicy']],
    ['journal: { maxEventBytes: 1 }', ['config.unknown-key /spec/journal/maxEventBytes']],
    ['journal: { dlq: { max_entries: 0 } }', ['config.range /spec/journal/dlq/max_entries']],
    [
      'journal: { dlq: { target: { type: nowhere } } }',
      ['config.enum /spec/journal/dlq/target/type'],
    ],
    ['sink_batch_deadline_secs: 0', ['config.range /spec/sink_batch_deadline_secs']],
    [
      'processors: [{ type: set, config: 1 }]',
      ['config.type /spec/processors/0/config', 'config.required /spec/processors/0'],
    ],
    ['processors: [{ type: set, config: { target: a } }]', ['config.required /spec/processors/0']],
    [
      'processors: [{ type: set, config: { target: a, value: 1, valu: 2 } }]',
      ['config.unknown-key /spec/processors/0/config/valu'],
    ],
    [
      'processors: [{ type: set, target: a, config: { target: a, value: 1 } }]',
      ['config.given-twice /spec/processors/0/config/target'],
    ],
    [
      'processors: [{ type: set, id: x, config: { id: x, target: a, value: 1 } }]',
      ['config.given-twice /spec/processors/0/config/id'],
    ],
    [
      'processors: [{ type: set, config: { type: set, target: a, value: 1 } }]',
      ['config.given-twice /spec/processors/0/config/type'],
    ],
    ['processors: [{ type: javascript, inline: x }]', ['config.required /spec/processors/0']],
    [
      'processors: [{ type: loop, field: a, filters: [{ type: set, config: { target: a } }] }]',
      ['config.required /spec/processors/0/filters/0'],
    ],
    [
      'sinks: [{ type: console, config: { when: "" } }]',
      ['config.length /spec/sinks/0/config/when'],
    ],
  ])('%s', async (more, expected) => {
    expect((await codes(spec(more))).toSorted()).toEqual(expected.toSorted());
  });

  it('is pointed at under `config`', async () => {
    const { problems } = await told(
      spec('sinks:\n  - type: file\n    config:\n      path: 5\n      pth: x'),
    );

    expect(problems).toEqual([
      '8:15 spec.sinks[0].config.path: expected string, got number → Put it in quotes.',
      `9:9 spec.sinks[0].config.pth: unknown properties 'pth' are not allowed → did you mean "path"?`,
    ]);
  });

  it('has keys of the flat shape, which have other names here', async () => {
    const { problems } = await told(spec('commitPolicy: {}\ndrainTimeoutMs: 1'));

    expect(problems.map((each) => each.split(' → ')[1])).toEqual([
      'did you mean "commit_policy"?',
      'did you mean "drain_timeout_ms"?',
    ]);
  });
});
