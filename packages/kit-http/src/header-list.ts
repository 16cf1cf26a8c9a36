import type { JsonRecord } from '@cannectors/core';
import { type Template, type TemplateScope, template } from '@cannectors/kit-template';
import { checkName, wireValue } from './header-value.ts';
import type { KeyValue } from './keys.ts';

/** Names and values in turn, as they are written on the wire. */
export type HeaderList = readonly string[];

export interface HeaderParts {
  /** What the kind of module sets before the user's headers: names and values. */
  readonly standard: Readonly<Record<string, string>>;
  /** The user's headers: templates. */
  readonly headers: Readonly<Record<string, string>>;
  readonly keys: readonly KeyValue[];
  /** Comes last. `undefined` as a value: the header is added with each attempt. */
  readonly last: { readonly name: string; readonly value: string | undefined } | undefined;
  /** A template that renders to nothing leaves its header out. */
  readonly dropsEmpty: boolean;
}

export interface HeaderSource {
  /** Lower-case names of all headers that may be set. */
  readonly names: ReadonlySet<string>;
  /** The state variables that the templates read. */
  readonly templates: readonly { readonly pointer: string; readonly template: Template }[];
  /** The same list for every record. */
  readonly isStatic: boolean;
  render(scope: TemplateScope): HeaderList;
}

/**
 * Compiles the headers of a module. Of several with one name, in any letter case, the last wins:
 * standard, user, keys, authentication.
 *
 * @throws `http.bad-header`, `template.*`
 */
export function headerSource(parts: HeaderParts): HeaderSource {
  const entries = new Map<string, Entry>();
  const templates: { pointer: string; template: Template }[] = [];
  const set = (name: string, read: string | ((scope: Scope) => string)): void => {
    const lower = name.toLowerCase();
    entries.delete(lower);
    entries.set(lower, typeof read === 'string' ? { name, value: read } : { name, read });
  };

  for (const [name, value] of Object.entries(parts.standard)) set(name, value);
  for (const [name, source] of Object.entries(parts.headers)) {
    const pointer = `/headers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    checkName(name, pointer);
    const compiled = template(source, 'text', pointer);
    if (compiled.isStatic) {
      set(name, wireValue(name, compiled.render({ record: {} }), pointer));
    } else {
      templates.push({ pointer, template: compiled });
      set(name, (scope) => compiled.render(scope));
    }
  }
  for (const key of parts.keys) set(key.name, (scope) => key.read(scope.record));
  if (parts.last !== undefined) {
    checkName(parts.last.name, '/authentication/credentials/headerName');
    if (parts.last.value === undefined) entries.delete(parts.last.name.toLowerCase());
    else set(parts.last.name, parts.last.value);
  }

  const names = new Set(entries.keys());
  if (parts.last !== undefined) names.add(parts.last.name.toLowerCase());
  const all = [...entries.values()];
  const isStatic = all.every((entry) => entry.value !== undefined);
  const fixed = isStatic ? listOf(all, { record: {} }, false) : undefined;

  return {
    names,
    templates,
    isStatic,
    render: (scope) => fixed ?? listOf(all, scope, parts.dropsEmpty),
  };
}

interface Entry {
  readonly name: string;
  readonly value?: string;
  readonly read?: (scope: Scope) => string;
}

type Scope = TemplateScope & { readonly record: JsonRecord };

function listOf(entries: readonly Entry[], scope: Scope, dropsEmpty: boolean): HeaderList {
  const list: string[] = [];
  for (const { name, value, read } of entries) {
    if (read === undefined) {
      list.push(name, value ?? '');
      continue;
    }
    const text = wireValue(name, read(scope));
    if (text !== '' || !dropsEmpty) list.push(name, text);
  }
  return list;
}
