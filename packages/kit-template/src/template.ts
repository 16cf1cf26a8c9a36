import type { JsonRecord } from '@cannectors/core';
import type { Target } from './escape.ts';

/** What a template may read. */
export interface TemplateScope {
  /** The record at hand; in a loop the scope of the loop, which is unwrapped here. */
  readonly record: JsonRecord;
  /** The records of a batch body. */
  readonly records?: readonly JsonRecord[];
  readonly state?: JsonRecord;
  readonly pagination?: JsonRecord;
}

/** A template, compiled once and used for every record. */
export interface Template {
  /** As it was written. */
  readonly source: string;
  /** It reads nothing: its text is always the same. */
  readonly isStatic: boolean;
  /** Names of the root variables that it reads: `record`, `state`, … */
  readonly roots: ReadonlySet<string>;
  /** The names after `state.`: which cursors it wants. */
  readonly stateNames: ReadonlySet<string>;
  /**
   * Makes the text. Changes nothing of what it reads.
   *
   * @throws `template.missing`, `template.null`, `template.failed`, `template.limit`
   */
  render(scope: TemplateScope): string;
}

/** Tells whether a text has to be rendered; any other text means itself. */
export function isTemplate(source: string): boolean {
  return source.includes('{%') || (source.includes('{{') && source.includes('}}'));
}

export function template(
  source: string,
  target: Target,
  pointer: string,
  options: { readonly strict?: boolean } = {},
): Template {
  throw new Error(`${source}${target}${pointer}${String(options.strict)}`);
}
