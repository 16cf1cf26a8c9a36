import type { Json } from '@cannectors/core';
import type { Kind } from './catalog.ts';
import type { Keywords } from './check.ts';
import { flag, idPattern, object, onError, text, whole } from './options.ts';

/** The words that every module has. A plugin's schema never lists them. */
const ofEvery: Readonly<Record<string, Keywords>> = {
  type: text('Which plugin: its type, or `type@major`.'),
  id: text('A name for logs and for the control interface.', { pattern: idPattern }),
  name: text('A title.', { maxLength: 128 }),
  description: text('What it is there for.', { maxLength: 1024 }),
  tags: {
    type: 'array',
    items: { type: 'string' },
    uniqueItems: true,
    description: 'Words to find it by.',
  },
  enabled: flag('A filter that is not enabled is left out.'),
  onError,
};

const ofInputs: Readonly<Record<string, Keywords>> = {
  schedule: text('When it runs: cron with five or six fields, `@hourly`, `@every 5m`.', {
    minLength: 1,
  }),
  timezone: text('Zone of the schedule: `Europe/Berlin`.', { minLength: 1 }),
  overlap: {
    type: 'string',
    enum: ['coalesce', 'skip', 'queue'],
    description: 'What a tick does while a run is active.',
  },
  misfire: {
    type: 'string',
    enum: ['none', 'once'],
    description: 'Whether missed ticks are made up for.',
  },
  maxRunMs: whole('Ends a run that takes longer.', 1),
};

const ofOutputs: Readonly<Record<string, Keywords>> = {
  required: flag('Whether the commit policy counts it.'),
  when: text('Which records it takes: an expression.', { minLength: 1 }),
  lag: object(
    {
      mode: { type: 'string', enum: ['spool', 'replay', 'gap'] },
      maxBytes: whole('Bytes kept for it.', 1),
      maxAgeMs: whole('Age of what is kept for it.', 1),
      overflow: { type: 'string', enum: ['gap', 'block', 'fail'] },
      patienceMs: whole('How long the others wait for it.', 0),
    },
    { description: 'What an optional output that falls behind may keep.' },
  ),
};

/**
 * Where a module stands. The one `output` of a flat document has no choices, and neither has that of
 * dead letters.
 */
export type Role = Kind | 'only-output' | 'dead-letter';

/** The kind of plugin that stands there. */
export function kindOf(role: Role): Kind {
  return role === 'only-output' || role === 'dead-letter' ? 'output' : role;
}

/**
 * The kernel's words of a module. They are taken out of what its plugin is given.
 *
 * @see spec/connectors/pipeline.md, section 1.1
 */
export const words: Readonly<Record<Role, Keywords>> = {
  input: object({ ...ofEvery, ...ofInputs }),
  filter: object(ofEvery),
  output: object({ ...ofEvery, ...ofOutputs }),
  'only-output': object(ofEvery),
  'dead-letter': object(ofEvery),
};

/** Reads `onError` as people write it; empty means that nothing is said. */
export function onErrorOf(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  return word === '' ? undefined : word;
}
