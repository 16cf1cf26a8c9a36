import type { Json } from '@cannectors/core';
import type { Catalog } from './catalog.ts';
import { checkParts } from './checks.ts';
import type { Draft, Written } from './draft.ts';
import { type Environment, substitute } from './environment.ts';
import { readFlat } from './flat.ts';
import { readModule, type SeenModule, type Surroundings } from './modules.ts';
import { completeOptions, type Options, outputOf } from './normal.ts';
import type { Parsed } from './parse.ts';
import type { DeadLetter, InputModule, Module, Pipeline, Problem } from './pipeline.ts';
import { type Found, placed } from './problems.ts';
import { checkRequired } from './requires.ts';
import { shapeOf } from './shape.ts';
import { readSpec } from './spec.ts';
import { warningsOf } from './warnings.ts';
import type { Role } from './words.ts';

/** What is wrong with a document; warnings do not keep it from running. */
export interface Validated {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** The pipeline of a document; absent if there are problems. */
export interface Resolved extends Validated {
  readonly pipeline?: Pipeline;
}

/**
 * Checks a document as it is written, with `${NAME}` left as text: its own keys, each module against
 * the schema of its plugin, and what can be told between them. All problems, in the order of the text.
 *
 * Reads no file, no environment, and runs nothing of a plugin.
 *
 * @see spec/connectors/pipeline.md, section 5
 */
export async function validate(parsed: Parsed, catalog: Catalog): Promise<Validated> {
  const { problems, warnings } = await resolve(parsed, catalog, undefined);
  return { problems, warnings };
}

/**
 * Makes the pipeline of a document: checked, with the environment, `defaults` and the defaults of
 * every schema in it.
 *
 * @param environment `undefined` leaves `${NAME}` as text
 */
export async function resolve(
  parsed: Parsed,
  catalog: Catalog,
  environment: Environment | undefined,
): Promise<Resolved> {
  const { document } = parsed;
  if (document === undefined) return { problems: parsed.problems, warnings: parsed.warnings };
  const asWritten = await read(document, catalog);
  if (!asWritten.pipeline || !environment) return finished(asWritten, parsed);

  const escape = asWritten.pipeline.shape === 'spec';
  const substituted = substitute(document, environment, { escape });
  if (substituted.problem) {
    return finished({ ...asWritten, problems: [substituted.problem] }, parsed);
  }
  if (!substituted.isChanged) return finished(asWritten, parsed);
  return finished(await read(substituted.document, catalog), parsed);
}

interface Read {
  readonly pipeline?: Pipeline;
  readonly problems: readonly Found[];
  readonly warnings: readonly Found[];
}

function finished({ pipeline, problems, warnings }: Read, parsed: Parsed): Resolved {
  return {
    ...(pipeline && problems.length === 0 && { pipeline }),
    problems: placed(problems, parsed),
    warnings: [...parsed.warnings, ...placed(warnings, parsed)],
  };
}

async function read(document: Json, catalog: Catalog): Promise<Read> {
  const problems: Found[] = [];
  const report = (found: Found): void => void problems.push(found);
  // Modules are completed in place.
  const shaped = shapeOf(structuredClone(document));
  if ('message' in shaped) return { problems: [shaped], warnings: [] };

  const { shape, root, pointer } = shaped;
  const draft =
    shape === 'flat' ? readFlat(root, pointer, report) : readSpec(root, pointer, report);
  const options = completeOptions(draft);
  const seen: SeenModule[] = [];
  const modules = await readModules(draft, {
    shape,
    catalog,
    defaults: options.defaults,
    onErrorFor: (role) => onErrorFor(role, options),
    report,
    see: (module) => void seen.push(module),
  });

  const checked = { draft, seen, options };
  problems.push(...checkParts(checked), ...(await checkRequired(checked, catalog)));
  const warnings = warningsOf(checked);
  if (problems.length > 0 || !modules) return { problems, warnings };
  return { pipeline: pipelineOf(draft, options, modules), problems, warnings };
}

/** `journal` makes `dlq` what outputs do; what the output of dead letters rejects is no dead letter. */
function onErrorFor(role: Role, { shape, defaults, deadLetter }: Options): Module['onError'] {
  const isJournaled = role === 'output' && shape === 'spec' && deadLetter !== undefined;
  const word = defaults.onError ?? (isJournaled ? 'dlq' : 'fail');
  return role === 'dead-letter' && word === 'dlq' ? 'fail' : word;
}

interface Modules {
  readonly input: Module;
  readonly filters: readonly Module[];
  readonly outputs: readonly Module[];
  readonly deadLetterOutput?: Module;
}

async function readModules(draft: Draft, around: Surroundings): Promise<Modules | undefined> {
  const input = await readModule(draft.input, around);
  const filters = await readAll(draft.filters, around);
  const outputs = await readAll(draft.outputs, around);
  const target = draft.deadLetterOutput;
  const [deadLetterOutput] = await readAll(target ? [target] : [], around);
  return input && { input, filters, outputs, ...(deadLetterOutput && { deadLetterOutput }) };
}

async function readAll(written: readonly Written[], around: Surroundings): Promise<Module[]> {
  const modules: Module[] = [];
  for (const one of written) {
    const module = await readModule(one, around);
    if (module) modules.push(module);
  }
  return modules;
}

function pipelineOf(draft: Draft, options: Options, modules: Modules): Pipeline {
  const isOnly = draft.outputs[0]?.role === 'only-output';
  // Checked against the schema of its shape.
  const identity = draft.identity as unknown as Pick<Pipeline, 'name'>;
  const { deadLetter, ...rest } = options;
  return {
    id: identity.name,
    tags: [],
    labels: {},
    tenant: 'default',
    ...identity,
    ...rest,
    input: inputOf(modules.input),
    filters: modules.filters,
    outputs: modules.outputs.map((module) => outputOf(module, isOnly ? 'output' : undefined)),
    ...(deadLetter && { deadLetter: deadLetterOf(deadLetter, modules.deadLetterOutput) }),
  };
}

function deadLetterOf(deadLetter: DeadLetter, module: Module | undefined): DeadLetter {
  const { target } = deadLetter;
  if (target.type === 'store' || !module) return deadLetter;
  return { ...deadLetter, target: { ...target, output: outputOf(module) } };
}

function inputOf(module: Module): InputModule {
  return { overlap: 'coalesce', misfire: 'none', ...module };
}
