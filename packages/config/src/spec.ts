import type { Json, JsonRecord } from '@cannectors/core';
import { check, type Keywords } from './check.ts';
import { type Draft, pick, readDefaults, soundKeys, writtenList, writtenTarget } from './draft.ts';
import { isRecord } from './json.ts';
import { deadLetter, flag, object, type OptionName, options, text } from './options.ts';
import { join, valueAt } from './pointer.ts';
import type { Found } from './problems.ts';
import { wordingOf } from './wording.ts';

/** Options that the spec document spells in snake_case, inside too. */
const snakeOptions: readonly OptionName[] = [
  'batch',
  'commitPolicy',
  'memory',
  'checkpoint',
  'drainTimeoutMs',
  'pauseHoldMs',
];

/** Options that are the same in both shapes. */
const sameOptions: readonly OptionName[] = [
  'defaults',
  'routing',
  'unmatched',
  'requires',
  'onErrorScope',
  'errorMarkers',
  'dryRunOptions',
  'enabled',
];

const { maxEventBytes, truncate, ...ofQueue } = deadLetter.properties;

/** `journal` says in two levels what `deadLetter` says in one. */
const journal = object(
  {
    enabled: flag('Switches dead letters on.', { default: false }),
    max_event_bytes: maxEventBytes,
    truncate,
    dlq: snakeKeys(object(ofQueue, { description: 'What is stored, and where.' })),
  },
  { description: 'Where records go that cannot be delivered.' },
);

const stringMap = { type: 'object', additionalProperties: { type: 'string' } };

/** A spec document. Modules are marked only: they are checked against their own schemas. */
export const specDocument: Keywords = object(
  {
    apiVersion: text('Version of the document.'),
    kind: { const: 'Pipeline', description: 'What it describes.' },
    metadata: object(
      {
        name: text('Name of the pipeline, and of its state file.', {
          pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
        }),
        tenant: text('Whose pipeline it is.', { minLength: 1 }),
        labels: { ...stringMap, description: 'To select pipelines by.' },
        annotations: { ...stringMap, description: 'Free text, `description` among it.' },
      },
      { required: ['name'], description: 'What the pipeline is called.' },
    ),
    spec: object(
      {
        source: { 'x-cannectors': 'input', description: 'Where records come from.' },
        processors: {
          type: 'array',
          'x-cannectors': 'filters',
          description: 'What is done with them, in this order.',
        },
        sinks: {
          type: 'array',
          minItems: 1,
          'x-cannectors': 'outputs',
          description: 'Where they go.',
        },
        ...Object.fromEntries(
          snakeOptions.map((option) => [snake(option), snakeKeys(options[option])]),
        ),
        ...Object.fromEntries(sameOptions.map((option) => [option, options[option]])),
        sink_batch_deadline_secs: {
          ...options.outputDeadlineMs,
          description: 'Longest time for one try of one output with one batch, in seconds.',
        },
        journal,
      },
      { required: ['source', 'sinks'], description: 'What the pipeline does.' },
    ),
  },
  { required: ['metadata', 'spec'] },
);

/** Reads a spec document that stands at `pointer` and says what is wrong with it. */
export function readSpec(root: JsonRecord, pointer: string, report: (found: Found) => void): Draft {
  const body = isRecord(root['spec']) ? root['spec'] : {};
  readDefaults(body['defaults']);
  const errors = check(specDocument, root);
  for (const found of wordingOf(errors, specDocument, root, pointer)) report(found);

  const said = soundKeys(body, '/spec', errors);
  const target = '/spec/journal/dlq/target/output';
  const place = (key: string): string => join(pointer, 'spec', key);
  return {
    shape: 'spec',
    identity: identityOf(soundKeys(root['metadata'], '/metadata', errors)),
    options: optionsOf(said),
    input: {
      value: body['source'] ?? null,
      pointer: place('source'),
      role: 'input',
      label: 'input',
    },
    filters: writtenList(body['processors'], place('processors'), 'filter'),
    outputs: writtenList(body['sinks'], place('sinks'), 'output'),
    outputsPointer: place('sinks'),
    ...writtenTarget(valueAt(root, target), pointer + target),
    pointerOf: (option) => place(specName(option)),
    has: (option) => Object.hasOwn(body, specName(option)),
  };
}

function identityOf({ annotations, ...metadata }: JsonRecord): JsonRecord {
  const description = isRecord(annotations) ? annotations['description'] : undefined;
  return { ...metadata, ...(description !== undefined && { description }) };
}

function optionsOf(said: JsonRecord): JsonRecord {
  const read: JsonRecord = pick(said, sameOptions);
  for (const option of snakeOptions) {
    const value = said[snake(option)];
    if (value !== undefined) read[option] = camelValue(options[option], value);
  }
  const deadline = said['sink_batch_deadline_secs'];
  if (typeof deadline === 'number') read['outputDeadlineMs'] = deadline * 1000;
  if (isRecord(said['journal'])) read['deadLetter'] = deadLetterOf(said['journal']);
  return read;
}

function deadLetterOf({ enabled, dlq, ...rest }: JsonRecord): Json {
  if (enabled !== true) return false;
  return {
    ...(camelValue(deadLetter, rest) as JsonRecord),
    ...(camelValue(deadLetter, dlq ?? {}) as JsonRecord),
  };
}

function specName(option: OptionName): string {
  if (option === 'outputDeadlineMs') return 'sink_batch_deadline_secs';
  if (option === 'deadLetter') return 'journal';
  return sameOptions.includes(option) ? option : snake(option);
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The same schema with its keys in snake_case, inside too. Modules keep theirs. */
function snakeKeys(schema: Keywords): Keywords {
  const properties = Object.entries(schema.properties ?? {});
  return {
    ...schema,
    ...(schema.anyOf && { anyOf: schema.anyOf.map(snakeKeys) }),
    ...(schema.properties && {
      properties: Object.fromEntries(
        properties.map(([key, inner]) => [snake(key), snakeKeys(inner)]),
      ),
    }),
  };
}

/** Undoes `snakeKeys` for a value that fits the schema. */
function camelValue(schema: Keywords, value: Json): Json {
  if (!isRecord(value)) return value;
  const known = [schema, ...(schema.anyOf ?? [])].flatMap(({ properties }) =>
    Object.entries(properties ?? {}),
  );
  const inner = new Map(known.map(([key, property]) => [snake(key), { key, property }]));
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => {
      const found = inner.get(name);
      return found ? [found.key, camelValue(found.property, child)] : [name, child];
    }),
  );
}
