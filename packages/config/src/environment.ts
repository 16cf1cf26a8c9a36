import type { Json } from '@cannectors/core';
import { isRecord } from './json.ts';
import { join } from './pointer.ts';
import type { Found } from './problems.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A document with the values of the environment in it, and the problem if some are missing. */
export interface Substituted {
  readonly document: Json;
  readonly isChanged: boolean;
  readonly problem?: Found;
}

/** Where the walk is: below a module that is switched off, in a script that is taken as it is. */
interface Where {
  readonly pointer: string;
  readonly isEnabled: boolean;
  readonly isScript: boolean;
}

const reference = /(\$?)\$\{([A-Z_][A-Z0-9_]*)\}/g;

/**
 * Puts the environment into the text values of a document: `${NAME}`, once, never into keys. A
 * variable that is unset or empty is a problem; one problem names them all and no value.
 *
 * `connectionStringRef` and the `inline` text of a `javascript` filter are left alone.
 *
 * @param escape `$${NAME}` stands for the text `${NAME}`: the spec document
 * @see spec/connectors/pipeline.md, section 4
 */
export function substitute(
  document: Json,
  environment: Environment,
  { escape }: { readonly escape: boolean },
): Substituted {
  const missing = new Map<string, string>();
  let isChanged = false;
  const substituted = visit(document, { pointer: '', isEnabled: true, isScript: false });
  const [pointer] = missing.values();
  return {
    document: substituted,
    isChanged,
    ...(pointer !== undefined && { problem: unresolved([...missing.keys()], pointer) }),
  };

  function visit(value: Json, where: Where): Json {
    if (typeof value === 'string') return textOf(value, where.pointer);
    if (Array.isArray(value)) {
      return value.map((item, index) =>
        visit(item, { ...where, pointer: join(where.pointer, index) }),
      );
    }
    if (!isRecord(value)) return value;
    const { type } = value;
    const isModule = typeof type === 'string';
    const inside = {
      isEnabled: where.isEnabled && !(isModule && isDisabled(value)),
      isScript: isModule ? /^javascript(@|$)/.test(type) : where.isScript,
    };
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => {
        const place = { ...inside, pointer: join(where.pointer, key) };
        return [key, isExempt(key, child, place) ? child : visit(child, place)];
      }),
    );
  }

  function textOf(text: string, pointer: string): string {
    if (!text.includes('${')) return text;
    return text.replaceAll(reference, (whole, dollar: string, name: string) => {
      isChanged = true;
      if (escape && dollar !== '') return whole.slice(1);
      return dollar + valueOf(name, pointer);
    });
  }

  function isExempt(key: string, value: Json, { isEnabled, isScript, pointer }: Where): boolean {
    if (key === 'inline') return isScript;
    if (key !== 'connectionStringRef') return false;
    // The module reads the variable itself when it starts, so it must be there.
    if (isEnabled && typeof value === 'string') {
      for (const [, , name] of value.matchAll(reference)) valueOf(String(name), pointer);
    }
    return true;
  }

  function valueOf(name: string, pointer: string): string {
    const value = environment[name] ?? '';
    if (value === '' && !missing.has(name)) missing.set(name, pointer);
    return value;
  }
}

function isDisabled(module: Readonly<Record<string, Json>>): boolean {
  const config = module['config'];
  return module['enabled'] === false || (isRecord(config) && config['enabled'] === false);
}

function unresolved(names: readonly string[], pointer: string): Found {
  return {
    code: 'env.unresolved',
    pointer,
    message: `unresolved environment variable(s): ${names.toSorted().join(', ')}`,
    hint: 'Set them in the environment of the process.',
  };
}
