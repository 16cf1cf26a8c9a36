import type { Draft } from './draft.ts';
import type { SeenModule } from './modules.ts';
import type { Options } from './normal.ts';
import type { OptionName } from './options.ts';
import type { InputModule } from './pipeline.ts';
import { join, pathText } from './pointer.ts';
import type { Found } from './problems.ts';
import { required } from './wording.ts';

/** What the static checks look at: a document, its modules as far as they are sound, its options. */
export interface Checked {
  readonly draft: Draft;
  readonly seen: readonly SeenModule[];
  /** Complete. What was wrong in the document has its default here. */
  readonly options: Options;
}

/**
 * Finds what is wrong between the parts of a document and can be told from it alone. What was
 * reported already is not looked at.
 *
 * @see spec/runtime/pipelines.md, section 1.5
 */
export function checkParts(checked: Checked): Found[] {
  return [
    ...duplicateIds(checked).filter(({ isError }) => isError),
    ...missingIds(checked),
    ...commitPolicy(checked),
    ...routing(checked),
    ...deadLetters(checked),
    ...batchAge(checked),
    ...memoryBudget(checked),
    ...timeZones(checked),
  ];
}

/** Two modules with one id: an error in a spec document and between outputs, else a warning. */
export function duplicateIds({ draft, seen }: Checked): (Found & { isError: boolean })[] {
  const first = new Map<string, SeenModule>();
  const found: (Found & { isError: boolean })[] = [];
  for (const module of seen) {
    const id = idOf(module);
    if (id === undefined) continue;
    const before = first.get(id);
    if (!before) {
      first.set(id, module);
      continue;
    }
    const areOutputs = module.role === 'output' && before.role === 'output';
    const isGiven = Object.hasOwn(module.said, 'id');
    // A type stands for a missing id between outputs only.
    if (!areOutputs && !(isGiven && Object.hasOwn(before.said, 'id'))) continue;
    found.push({
      code: 'config.duplicate-id',
      pointer: isGiven ? join(module.module.pointer, 'id') : module.module.pointer,
      message: `the id "${id}" is taken by ${pathText(before.module.pointer)}`,
      hint: isGiven ? 'Give it another `id`.' : 'Give each output of one type its `id`.',
      isError: areOutputs || draft.shape === 'spec',
    });
  }
  return found;
}

function idOf({ role, module }: SeenModule): string | undefined {
  return module.id ?? (role === 'output' ? module.type : undefined);
}

/** A batch script keeps its globals under its id. */
function missingIds({ draft, seen }: Checked): Found[] {
  if (draft.shape === 'flat') return [];
  return seen
    .filter(({ module, said }) => /^javascript(@|$)/.test(module.type) && said['id'] === undefined)
    .map(({ module }) => required(['id'], module.pointer));
}

function commitPolicy({ draft, seen, options }: Checked): Found[] {
  if (isWrong(draft, 'commitPolicy')) return [];
  const pointer = draft.pointerOf('commitPolicy');
  const outputs = seen.filter(isOutput);
  const policy = options.commitPolicy;
  if (policy.mode === 'quorum') {
    const { quorum } = policy as { quorum?: number };
    if (quorum === undefined) return [required(['quorum'], pointer)];
    if (quorum <= draft.outputs.length) return [];
    return [
      {
        code: 'config.quorum',
        pointer: join(pointer, 'quorum'),
        message: `a quorum of ${quorum} cannot be reached with ${draft.outputs.length} output(s)`,
      },
    ];
  }
  const isNoneRequired =
    outputs.length > 0 && outputs.every(({ said }) => said['required'] === false);
  if (policy.mode === 'all' || !isNoneRequired) return [];
  return [
    {
      code: 'config.no-required-output',
      pointer: draft.has('commitPolicy') ? pointer : draft.outputsPointer,
      message: 'no output is required, so every failure would count as a success',
      hint: 'Leave `required: false` out of one output, or choose another commit policy.',
    },
  ];
}

/** Tells outputs that the commit policy looks at. */
export function isOutput({ role }: SeenModule): boolean {
  return role === 'output' || role === 'only-output';
}

function routing({ draft, seen }: Checked): Found[] {
  const chosen = seen.find(({ said }) => said['when'] !== undefined);
  if (!chosen || draft.has('routing')) return [];
  const parent = draft.pointerOf('routing').replace(/\/[^/]*$/, '');
  return [
    required(
      ['routing'],
      parent,
      'An output has a `when`: write `routing: all` or `routing: first-match`.',
    ),
  ];
}

function deadLetters({ draft, seen, options }: Checked): Found[] {
  const asked = seen.filter(({ said }) => said['onError'] === 'dlq');
  const again = asked.find(({ role }) => role === 'dead-letter');
  if (again) {
    return [
      {
        code: 'config.no-dead-letter',
        pointer: join(again.module.pointer, 'onError'),
        message: 'what the output of dead letters rejects cannot be a dead letter again',
      },
    ];
  }
  if (isWrong(draft, 'deadLetter')) return [];
  const { defaults, unmatched, deadLetter } = options;
  if (deadLetter) return [];
  const places = asked.map(({ module }) => join(module.pointer, 'onError'));
  if (defaults.onError === 'dlq') places.push(join(draft.pointerOf('defaults'), 'onError'));
  if (unmatched === 'dlq') places.push(draft.pointerOf('unmatched'));
  const switchOn =
    draft.shape === 'flat' ? '`deadLetter: true`' : '`journal: { enabled: true }` under `spec`';
  return places.map((pointer) => ({
    code: 'config.no-dead-letter',
    pointer,
    message: '`dlq` needs a place for dead letters, and the pipeline has none',
    hint: `Add ${switchOn}.`,
  }));
}

const pageBytes = 16_777_216;
const wholeRun = { maxInflight: 1, maxBytes: 24 * 1024 * 1024 };

/** What is on its way at once has to fit into the budget. */
function memoryBudget({ draft, seen, options }: Checked): Found[] {
  if (isWrong(draft, 'batch') || isWrong(draft, 'memory')) return [];
  const { maxInflight, maxBytes } = options.batch ?? wholeRun;
  const input = seen.find(({ role }) => role === 'input')?.module;
  const page = Number(input?.config['maxPageBytes'] ?? pageBytes);
  const needed = (maxInflight + 1) * maxBytes + page;
  const budget = options.memory.maxBytes;
  if (!(needed > budget)) return [];
  return [
    {
      code: 'config.memory',
      pointer: draft.pointerOf(draft.has('memory') ? 'memory' : 'batch'),
      message: `the batches do not fit into the memory budget: (${maxInflight} in flight + 1) × ${maxBytes} bytes + a page of ${page} bytes = ${needed}, more than ${budget}`,
      hint: 'Make batches smaller, or the budget larger.',
    },
  ];
}

/** Only where each delivery is a batch of its own there is nothing to wait for. */
function batchAge({ draft, seen, options }: Checked): Found[] {
  const input = seen.find(({ role }) => role === 'input')?.module;
  if (options.batch?.maxMs !== 0 || !input || /^webhook(@|$)/.test(input.type)) return [];
  return [
    {
      code: 'config.range',
      pointer: join(draft.pointerOf('batch'), draft.shape === 'flat' ? 'maxMs' : 'max_ms'),
      message: 'expected a number >= 1; 0 is for a webhook',
      expected: 1,
    },
  ];
}

/** An option that the document says, and that was reported already. */
function isWrong(draft: Draft, option: OptionName): boolean {
  return draft.has(option) && draft.options[option] === undefined;
}

function timeZones({ seen }: Checked): Found[] {
  return seen.flatMap(({ role, module }) => {
    if (role !== 'input') return [];
    const { schedule, timezone } = module as InputModule;
    const inSchedule = /^\s*(?:CRON_)?TZ=(\S+)/.exec(schedule ?? '')?.[1];
    if (timezone === undefined || inSchedule === undefined || inSchedule === timezone) return [];
    return [
      {
        code: 'config.timezone',
        pointer: join(module.pointer, 'timezone'),
        message: 'the schedule names another time zone than `timezone`',
        hint: 'Name it in one place.',
      },
    ];
  });
}
