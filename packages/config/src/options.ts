import type { Keywords } from './check.ts';

/** An object that refuses keys it does not know. */
export function object(
  properties: Readonly<Record<string, Keywords>>,
  rest: Keywords = {},
): Keywords {
  return { type: 'object', properties, additionalProperties: false, ...rest };
}

export function text(description: string, rest: Keywords = {}): Keywords {
  return { type: 'string', description, ...rest };
}

export function flag(description: string, rest: Keywords = {}): Keywords {
  return { type: 'boolean', description, ...rest };
}

export function whole(description: string, minimum: number, rest: Keywords = {}): Keywords {
  return { type: 'integer', minimum, description, ...rest };
}

/** The pattern of an `id`. */
export const idPattern = '^[a-z][a-z0-9_-]*$';

/** What a record that failed leads to. Read in any letter case. */
export const onError: Keywords = {
  type: 'string',
  enum: ['fail', 'skip', 'log', 'dlq'],
  description:
    'What a record that fails leads to: the run fails, the record is left out, it is kept with a marker, or it becomes a dead letter.',
};

/** The `retry` of every module that repeats requests, as `defaults` takes it. */
const retry = object(
  {
    maxAttempts: whole('Number of retries.', 0, { maximum: 10 }),
    delayMs: whole('Wait before the first retry. 0: the default, 1000.', 0),
    backoffMultiplier: {
      type: 'number',
      minimum: 1,
      maximum: 10,
      description: 'How much longer each wait is than the one before.',
    },
    maxDelayMs: whole('Longest wait. 0: the default, 30000.', 0),
    retryableStatusCodes: {
      type: 'array',
      items: { type: 'integer', minimum: 100, maximum: 599 },
      description: 'The statuses that are tried again. Empty: 429 and those from 500.',
    },
    useRetryAfterHeader: flag('Waits as long as the `Retry-After` header says.'),
    retryHintFromBody: text('Expression over the body of an answer: whether to try again.', {
      maxLength: 10_000,
    }),
    jitter: flag('Draws each wait between 0 and the computed one.'),
    maxElapsedMs: whole('Longest time for all retries of a batch, for endless inputs.', 0),
  },
  { description: 'How a request that failed is repeated.' },
);

const deadLetterTarget: Keywords = {
  description: 'Where dead letters go.',
  default: { type: 'store' },
  anyOf: [
    object({ type: { const: 'store', description: 'A file in the state folder.' } }, needs('type')),
    object(
      {
        type: { const: 'output', description: 'An output of its own.' },
        output: { 'x-cannectors': 'only-output', description: 'Any output.' },
        onFailure: {
          type: 'string',
          enum: ['block', 'store'],
          default: 'block',
          description: 'When that output fails: wait, or take the file.',
        },
      },
      needs('type', 'output'),
    ),
  ],
};

const ofDeadLetter = {
  target: deadLetterTarget,
  maxEntries: whole('Capacity.', 1, { default: 10_000 }),
  maxAgeSecs: whole('Older letters are removed. 0: never.', 0, { default: 604_800 }),
  overflowPolicy: {
    type: 'string',
    enum: ['block', 'drop_oldest', 'reject', 'fail'],
    default: 'block',
    description: 'What happens at `maxEntries`.',
  },
  transient: flag('Outages may be stored too.', { default: false }),
  maxRate: object(
    {
      ratio: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.5,
        description: 'The largest part of a window.',
      },
      minRecords: whole('Size of the window.', 1, { default: 100 }),
    },
    { default: {}, description: 'Fails the pipeline rather than storing a whole table.' },
  ),
  maxEventBytes: whole('Larger records go to a file beside.', 1, { default: 262_144 }),
  truncate: flag('Cuts larger records instead.', { default: false }),
} satisfies Readonly<Record<string, Keywords>>;

/** What `deadLetter` may say in an object. */
export const deadLetter = { ...object(ofDeadLetter), properties: ofDeadLetter };

/**
 * What a document may say besides its name and its modules, as the flat shape spells it. The spec
 * shape says the same in other words.
 *
 * @see spec/connectors/pipeline.md, section 1
 */
export const options = {
  enabled: flag('A pipeline that is not enabled does not run.', { default: true }),
  requires: {
    type: 'object',
    additionalProperties: { type: 'string' },
    default: {},
    description: 'Version ranges of plugins by type: `httpPolling: "^1.2"`.',
  },
  dryRunOptions: object(
    {
      showCredentials: flag('Shows real credentials in the preview.', { default: false }),
      previewLimit: whole('Operations shown.', 0, { default: 10 }),
      includeHeaders: flag('Shows the headers of a request.', { default: true }),
      includeBody: flag('Shows the body of a request.', { default: true }),
      maxRecords: whole('Stops the fetch after so many records.', 1),
      allowSideEffects: flag('Makes calls that may write.', { default: true }),
    },
    { default: {}, description: 'What `run --dry-run` does and shows.' },
  ),
  defaults: object(
    {
      timeoutMs: whole('Longest wait for one answer. 0: as the module says.', 0),
      retry,
      onError,
    },
    { default: {}, description: 'What modules take that do not say it themselves.' },
  ),
  routing: {
    type: 'string',
    enum: ['all', 'first-match'],
    default: 'all',
    description: 'Whether every output whose `when` holds takes a record, or only the first.',
  },
  unmatched: {
    type: 'string',
    enum: ['fail', 'drop', 'dlq'],
    default: 'fail',
    description: 'What becomes of a record that no output takes under `first-match`.',
  },
  batch: object(
    {
      maxEvents: orNull(whole('Records in a batch.', 1, { default: 2000 })),
      maxBytes: orNull(whole('Bytes in a batch.', 1, { default: 16_777_216 })),
      maxMs: orNull(whole('Age of a batch.', 0, { default: 50 })),
      respectSourceTx: {
        ...flag('Keeps a transaction of the source in one batch.', { default: true }),
        type: ['boolean', 'null'],
      },
      maxInflight: orNull(whole('Batches on their way at once.', 1, { default: 1 })),
    },
    { description: 'What is delivered and committed as one. Absent: a whole run.' },
  ),
  commitPolicy: object(
    {
      mode: {
        type: 'string',
        enum: ['all', 'required', 'quorum'],
        default: 'required',
        description: 'Which outputs have to accept a batch.',
      },
      quorum: whole('How many outputs, with `mode: quorum`.', 1),
    },
    { default: {}, description: 'When a batch counts as delivered.' },
  ),
  deadLetter: {
    description: 'Where records go that cannot be delivered. `true` takes every default.',
    anyOf: [{ type: 'boolean' }, deadLetter],
  },
  outputDeadlineMs: whole('Longest time for one try of one output with one batch.', 1),
  memory: object(
    {
      maxBytes: whole('Bytes of all records on their way.', 1, { default: 67_108_864 }),
      maxRecordBytes: whole('Bytes of one record.', 1, { default: 16_777_216 }),
    },
    { default: {}, description: 'Budget of the pipeline.' },
  ),
  checkpoint: object(
    { intervalMs: whole('Groups saves. 0: each batch is saved.', 0, { default: 0 }) },
    { default: {}, description: 'When the position in the source is saved.' },
  ),
  drainTimeoutMs: whole('Time for what is under way when the pipeline is stopped.', 0, {
    default: 30_000,
  }),
  pauseHoldMs: whole('How long a paused pipeline holds a batch in memory.', 0, {
    default: 60_000,
  }),
  onErrorScope: {
    type: 'string',
    enum: ['all', 'records'],
    description: 'What `skip` and `log` settle: every failure, or those of the record itself.',
  },
  errorMarkers: {
    type: 'string',
    enum: ['calls', 'all'],
    description: 'Which filters mark records under `onError: log`.',
  },
} satisfies Readonly<Record<string, Keywords>>;

export type OptionName = keyof typeof options;

function needs(...required: string[]): Keywords {
  return { required };
}

/** `null` takes the default, like nothing at all. */
function orNull(schema: Keywords): Keywords {
  return { ...schema, type: ['integer', 'null'] };
}
