import { isFault } from '@cannectors/core';
import { compileProgram, literalProgram, type Program } from './compile-program.ts';
import type { Target } from './escape.ts';
import { withPointer } from './faults.ts';
import { limits } from './limits.ts';

/** A template, compiled once and used for every record. */
export interface Template extends Program {
  /** As it was written. */
  readonly source: string;
}

/** Tells whether a text has to be rendered; any other text means itself. */
export function isTemplate(source: string): boolean {
  return source.includes('{%') || (source.includes('{{') && source.includes('}}'));
}

/**
 * Compiles a template in the dialect of Jinja2. A text that is none is rendered as it is.
 *
 * Every `{{ … }}` becomes text, and that is escaped for the target after all filters. What is
 * missing or null is empty, unless the template is strict: then it is an error that names it.
 *
 * @example template('https://x/{{ record.id }}', 'url', '/endpoint').render({ record: { id: 7 } })
 * @param pointer where `source` stands in the config: a JSON Pointer (RFC 6901)
 * @throws `template.syntax`, `template.not-self-contained`, `template.too-complex`
 * @see spec/connectors/templates-and-expressions.md, section 1
 */
export function template(
  source: string,
  target: Target,
  pointer: string,
  options: { readonly strict?: boolean } = {},
): Template {
  try {
    const program = programFor(source, target, options.strict === true);
    return {
      ...program,
      source,
      render(scope) {
        try {
          return program.render(scope);
        } catch (error) {
          throw pointed(error, pointer);
        }
      },
    };
  } catch (error) {
    throw pointed(error, pointer);
  }
}

/** One cache for each target and strictness, oldest first. */
const cache = new Map<string, Map<string, Program>>();

function programFor(source: string, target: Target, isStrict: boolean): Program {
  const kind = `${target} ${isStrict}`;
  const programs = cache.get(kind) ?? new Map<string, Program>();
  cache.set(kind, programs);
  const known = programs.get(source);
  if (known !== undefined) return known;

  const program = isTemplate(source)
    ? compileProgram(source, target, isStrict)
    : literalProgram(source);
  const [oldest] = programs.keys();
  if (programs.size >= limits.cached && oldest !== undefined) programs.delete(oldest);
  programs.set(source, program);
  return program;
}

function pointed(error: unknown, pointer: string): unknown {
  return isFault(error) ? withPointer(error, pointer) : error;
}
