import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse, pipelineSchema } from '../src/index.ts';
import { flat, spec } from './documents.ts';
import { manifest, object, plugins } from './plugins.ts';

const more = [
  manifest('output', 'console', object({ colour: { type: 'string' } }), { version: '2.0.0' }),
  manifest('filter', 'tree', {
    type: 'object',
    properties: { node: { $ref: '#/$defs/node' } },
    additionalProperties: false,
    $defs: { node: object({ name: { type: 'string' }, inner: { $ref: '#/$defs/node' } }) },
  }),
];

const ajv = new Ajv2020({ allErrors: true, strict: false });
const validate = ajv.compile(pipelineSchema(plugins(more)));

async function errorsOf(text: string): Promise<string[]> {
  validate((await parse(text, 'a.yaml')).document);
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .map(({ instancePath, keyword }) => `${keyword} ${instancePath}`);
}

describe('the schema for editors', () => {
  it('is a schema', () => {
    expect(ajv.validateSchema(pipelineSchema(plugins()))).toBe(true);
    expect(ajv.validateSchema(pipelineSchema({ find: () => undefined, list: () => [] }))).toBe(
      true,
    );
  });

  it.each([
    flat(),
    flat(
      'filters: [{ type: condition, expression: x, then: [{ type: drop }] }]\nbatch: { maxMs: null }',
    ),
    flat(
      'outputs: [{ type: console@1, id: a, pretty: true, when: x }, { type: console, id: b, colour: red }]\nrouting: all',
    ),
    flat('deadLetter: { target: { type: output, output: { type: file, path: x } } }'),
    flat(
      'filters: [{ type: httpCall, endpoint: x }, { type: tree, node: { inner: { inner: { name: x } } } }]',
    ),
    flat('', '{ type: file, path: a, schedule: "@daily" }'),
    spec(),
    spec(
      'processors: [{ type: set, config: { target: a, value: 1, onError: skip } }, { type: set, target: a, value: 1 }]',
    ),
    spec('processors: [{ type: set, target: a, config: { value: 1 } }]'),
    spec(
      'journal: { enabled: true, dlq: { target: { type: output, output: { type: file, config: { path: x } } } } }',
    ),
    spec('batch: { max_events: 5 }\ncommit_policy: { mode: all }\nsink_batch_deadline_secs: 5'),
  ])('takes %j', async (text) => {
    expect(await errorsOf(text)).toEqual([]);
  });

  it.each([
    [flat('filters: [{ type: set, target: a }]'), 'required /filters/0'],
    [
      flat('filters: [{ type: set, target: a, value: 1, when: x }]'),
      'additionalProperties /filters/0',
    ],
    [flat('filters: [{ type: nowhere }]'), 'enum /filters/0/type'],
    [
      flat('filters: [{ type: loop, field: a, filters: [{ type: set, value: 1 }] }]'),
      'required /filters/0/filters/0',
    ],
    [
      flat('filters: [{ type: tree, node: { inner: { nam: x } } }]'),
      'additionalProperties /filters/0/node/inner',
    ],
    [flat('outputs: [{ type: console@1, colour: red }]'), 'additionalProperties /outputs/0'],
    [flat('outputs: [{ type: console, pretty: true }]'), 'additionalProperties /outputs/0'],
    [flat('batch: { max_events: 5 }'), 'additionalProperties /batch'],
    [flat('input2: x'), 'additionalProperties '],
    [
      spec('processors: [{ type: set, config: { target: a } }]'),
      'required /spec/processors/0/config',
    ],
    [spec('sinks: [{ type: file, path: 5 }]'), 'type /spec/sinks/0/path'],
    [spec('batch: { maxEvents: 5 }'), 'additionalProperties /spec/batch'],
  ])('refuses %j', async (text, expected) => {
    expect(await errorsOf(text)).toContain(expected);
  });

  it('describes every key of its own', () => {
    const missing: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { properties = {} } = schema as { properties?: Record<string, object> };
      for (const [key, property] of Object.entries(properties)) {
        if (!('description' in property) && !('const' in property)) missing.push(`${path}/${key}`);
        visit(property, `${path}/${key}`);
      }
    };
    const {
      then,
      else: otherwise,
      $defs,
    } = pipelineSchema(plugins()) as Record<string, Record<string, unknown>>;
    visit(then, 'spec');
    visit(otherwise, 'flat');
    visit({ properties: { filter: $defs?.['filter:drop'], input: $defs?.['input:file'] } }, '');

    // The keys of the plugin have none in its own schema.
    expect(missing).toEqual(['/input/path', '/input/format']);
  });
});
