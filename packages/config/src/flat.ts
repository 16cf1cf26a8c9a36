import type { JsonRecord } from '@cannectors/core';
import { check, type Keywords } from './check.ts';
import { type Draft, pick, readDefaults, soundKeys, writtenList, writtenTarget } from './draft.ts';
import { idPattern, object, options, text } from './options.ts';
import { join, valueAt } from './pointer.ts';
import type { Found } from './problems.ts';
import { required, wordingOf } from './wording.ts';

const identity = {
  name: text('Name of the pipeline, and of its state file.', { minLength: 1, maxLength: 128 }),
  id: text('Key of the pipeline; its name if absent.', { pattern: idPattern }),
  version: text('Printed only.', { minLength: 1 }),
  description: text('What it is there for.', { maxLength: 1024 }),
  tags: {
    type: 'array',
    items: { type: 'string' },
    uniqueItems: true,
    description: 'Words to find it by.',
  },
} satisfies Readonly<Record<string, Keywords>>;

/** A flat document. Modules are marked only: they are checked against their own schemas. */
export const flatDocument: Keywords = object(
  {
    ...identity,
    input: { 'x-cannectors': 'input', description: 'Where records come from.' },
    filters: {
      type: 'array',
      'x-cannectors': 'filters',
      description: 'What is done with them, in this order.',
    },
    output: { 'x-cannectors': 'only-output', description: 'Where they go.' },
    outputs: {
      type: 'array',
      minItems: 1,
      'x-cannectors': 'outputs',
      description: 'Where they go, if to several places.',
    },
    ...options,
  },
  { required: ['name', 'input'] },
);

/** Reads a flat document that stands at `pointer` and says what is wrong with it. */
export function readFlat(root: JsonRecord, pointer: string, report: (found: Found) => void): Draft {
  readDefaults(root['defaults']);
  const errors = check(flatDocument, root);
  for (const found of wordingOf(errors, flatDocument, root, pointer)) report(found);
  const hasOne = Object.hasOwn(root, 'output');
  const hasMany = Object.hasOwn(root, 'outputs');
  if (hasOne === hasMany) report(hasOne ? bothOutputs(pointer) : noOutput(pointer));

  const said = soundKeys(root, '', errors);
  const place = (key: string): string => join(pointer, key);
  const target = '/deadLetter/target/output';
  return {
    shape: 'flat',
    identity: pick(said, Object.keys(identity)),
    options: pick(said, Object.keys(options)),
    input: { value: root['input'] ?? null, pointer: place('input'), role: 'input', label: 'input' },
    filters: writtenList(root['filters'], place('filters'), 'filter'),
    outputs: hasOne
      ? [
          {
            value: root['output'] ?? null,
            pointer: place('output'),
            role: 'only-output',
            label: 'output',
          },
        ]
      : writtenList(root['outputs'], place('outputs'), 'output'),
    outputsPointer: place(hasOne ? 'output' : 'outputs'),
    ...writtenTarget(valueAt(root, target), pointer + target),
    pointerOf: place,
    has: (option) => Object.hasOwn(root, option),
  };
}

function noOutput(pointer: string): Found {
  return {
    ...required(['output'], pointer),
    message: 'missing required property "output" or "outputs"',
  };
}

function bothOutputs(pointer: string): Found {
  return {
    code: 'config.choice',
    pointer: join(pointer, 'outputs'),
    onKey: true,
    message: 'only one may be given of "output", "outputs"',
  };
}
