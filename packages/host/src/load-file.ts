import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type Environment,
  exitCodeOf,
  type Parsed,
  parse,
  type Pipeline,
  type Position,
  type Problem,
  problemOf,
  resolve,
  unreadable,
} from '@cannectors/config';
import type { Json } from '@cannectors/core';
import { check, type Remark, unknown } from './check.ts';
import { exactText } from './exact-json.ts';
import { moduleWarning, pipelineDisabled } from './faults.ts';
import type { Installed } from './plugins/installed.ts';
import { usedModules } from './plugins/used-modules.ts';
import { type Scrub, scrub } from './scrub.ts';
import { secretsOf } from './secrets.ts';

export interface LoadOptions {
  /** Variables for `${NAME}`. Without them they stay as text, and the pipeline is for looking at only. */
  readonly env?: Environment;
}

/** A pipeline file that was read, and all that was found wrong with it. */
export interface LoadedFile {
  /** As it was given. */
  readonly file: string;
  readonly format?: 'yaml' | 'json';
  /** There if the document itself is right. It may run if there is no problem, and `env` was given. */
  readonly pipeline?: Pipeline;
  readonly name?: string;
  /** In the order of the file. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly exitCode: 0 | 1 | 2;
  /** Its input never ends by itself. */
  readonly endless: boolean;
  /** Records are sent to the input: a dry run of it needs the body of a delivery. */
  readonly receives: boolean;
  /** An output prints its records on stdout, so nothing else may. */
  readonly printsRecords: boolean;
  /** Where a JSON Pointer stands in the file. */
  at(pointer: string): Position | undefined;
}

/** Of a pipeline whose modules were not made. */

/**
 * Reads a pipeline file and checks all that can be checked before it runs: the document, each module
 * against its plugin's schema, and what plugins find when they compile their texts.
 *
 * Opens nothing, runs nothing of the document (G7, S3). Imports the plugins that the document uses.
 *
 * @see spec/connectors/pipeline.md, section 5
 */
export async function loadFile(
  file: string,
  installed: Installed,
  { env }: LoadOptions,
): Promise<LoadedFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const problems = [unreadable(error instanceof Error ? error.message : String(error))];
    return { file, problems, warnings: [], exitCode: 2, ...unknown, at: () => undefined };
  }

  const parsed = await parse(text, file);
  const resolved = await resolve(parsed, installed, env);
  const { pipeline } = resolved;
  const problems = [...resolved.problems];
  const warnings = [...resolved.warnings];
  let { endless, receives, printsRecords } = unknown;
  if (pipeline !== undefined) {
    const known = scrubOf(pipeline, installed);
    const found = await check(pipeline, installed, path.dirname(path.resolve(file)));
    ({ endless, receives, printsRecords } = found);
    for (const { fault, module } of found.findings) {
      const problem = problemOf(fault, module, parsed);
      problems.push({ ...problem, message: known.text(problem.message) });
    }
    if (env !== undefined && !pipeline.enabled) problems.push(disabled(parsed));
    // A run logs them itself, when it builds its modules.
    const remarks = env === undefined ? found.remarks : [];
    warnings.push(...remarks.map((remark) => warningOf(remark, parsed)));
  }
  const name = pipeline?.name ?? nameIn(parsed.document);

  return {
    file,
    ...(parsed.format !== undefined && { format: parsed.format }),
    ...(pipeline !== undefined && { pipeline }),
    ...(name !== undefined && { name }),
    problems: problems.toSorted(byPlace),
    warnings: warnings.toSorted(byPlace),
    exitCode: exitCodeOf(problems),
    endless,
    receives,
    printsRecords,
    at: (pointer) => parsed.at(pointer),
  };
}

function scrubOf(pipeline: Pipeline, installed: Installed): Scrub {
  return scrub(secretsOf(usedModules(pipeline, installed)));
}

function disabled(parsed: Parsed): Problem {
  const isSpec = isRecord(parsed.document) && 'spec' in parsed.document;
  return problemOf(pipelineDisabled(), { pointer: isSpec ? '/spec' : '' }, parsed);
}

function warningOf({ message, fields, module }: Remark, parsed: Parsed): Problem {
  const { pointer, ...facts } = fields;
  const told = Object.entries(facts).map(([key, value]) => `${key}: ${exactText(value)}`);
  const text = told.length === 0 ? message : `${message} (${told.join(', ')})`;
  return problemOf(moduleWarning(text, pointer), module, parsed);
}

function nameIn(document: Json | undefined): string | undefined {
  if (!isRecord(document)) return undefined;
  const { name, metadata } = document;
  const found = name ?? (isRecord(metadata) ? metadata['name'] : undefined);
  return typeof found === 'string' ? found : undefined;
}

function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function isRecord(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
