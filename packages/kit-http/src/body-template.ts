import { readFileSync } from 'node:fs';
import type { Context } from '@cannectors/core';
import { type Template, type TemplateScope, template } from '@cannectors/kit-template';
import type { BodyConfig } from './config.ts';
import { noBodyFile } from './faults.ts';
import type { HeaderList } from './header-list.ts';

type Escape = 'json' | 'xml' | 'url' | 'text';

/** A body that the author of the pipeline has written. */
export interface BodyTemplate {
  /** The template, for checks of what it reads. */
  readonly template: Template;
  readonly pointer: string;
  /** Renders the body, escaping values as the Content-Type among the headers asks for. */
  render(scope: TemplateScope, headers: HeaderList): string;
  /** Tells whether the headers call for JSON. */
  isJson(headers: HeaderList): boolean;
}

/**
 * Compiles `body`, or the content of `bodyTemplateFile`. `undefined`: the config has neither.
 *
 * @throws `http.no-body-file`, `template.*`
 * @see spec/connectors/templates-and-expressions.md, section 1.3
 */
export function bodyTemplate(
  { body, bodyTemplateFile }: BodyConfig,
  context: Pick<Context, 'file'>,
): BodyTemplate | undefined {
  const pointer = body === undefined ? '/bodyTemplateFile' : '/body';
  const source = body ?? (bodyTemplateFile && contentOf(context.file(bodyTemplateFile), pointer));
  if (source === undefined) return undefined;
  const standard = template(source, 'json', pointer);
  const compiled = new Map<Escape, Template>([['json', standard]]);

  return {
    template: standard,
    pointer,
    render(scope, headers) {
      const escape = escapeFor(headers);
      const known = compiled.get(escape);
      if (known !== undefined) return known.render(scope);
      const made = template(source, escape, pointer);
      compiled.set(escape, made);
      return made.render(scope);
    },
    isJson: (headers) => escapeFor(headers) === 'json',
  };
}

function contentOf(file: string, pointer: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw noBodyFile(file, error, pointer);
  }
}

function escapeFor(headers: HeaderList): Escape {
  const type = contentTypeOf(headers);
  if (type === '' || type === 'application/json' || type.endsWith('+json')) return 'json';
  if (type === 'text/xml' || type === 'application/xml' || type.endsWith('+xml')) return 'xml';
  return type === 'application/x-www-form-urlencoded' ? 'url' : 'text';
}

function contentTypeOf(headers: HeaderList): string {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() !== 'content-type') continue;
    return (headers[index + 1] ?? '').replace(/;.*$/s, '').trim().toLowerCase();
  }
  return '';
}
