import { Fault } from '@cannectors/core';

/** A path has a list index that is not one, or a key without a name; writing to it is impossible. */
export function badPath(source: string, pointer: string): Fault {
  return new Fault('record.bad-path', `invalid array index in path: ${JSON.stringify(source)}`, {
    category: 'validation',
    hint: 'Write keys joined by dots, each with at most one index, as in `lines[0].sku`.',
    pointer,
  });
}

/** A path names `__proto__`, `constructor` or `prototype`. */
export function forbiddenKey(key: string, pointer: string): Fault {
  return new Fault('record.forbidden-key', `The key \`${key}\` is out of reach of paths.`, {
    category: 'validation',
    hint: 'Rename the field where it comes from.',
    pointer,
  });
}

/** A filter would write where only the kernel writes. */
export function reserved(name: string, pointer: string): Fault {
  return new Fault('record.reserved', `\`${name}\` is kept for error markers.`, {
    category: 'validation',
    hint: 'Write to another field, as in `target: problems`.',
    pointer,
  });
}

/** A key for an element of a list has another meaning there, or no path can reach it. */
export function badItemName(name: string, pointer: string): Fault {
  return new Fault('record.item-name', `An element cannot be called \`${name}\`.`, {
    category: 'validation',
    hint: 'Choose a plain word that is not `record`, `loop`, `meta`, `state`, `pagination`, `_metadata` or `_errors`, as in `itemName: line`.',
    pointer,
  });
}

/** The engine quotes what stands there, and that may be anybody's data (G6). */
const quoted = /(, )?(\.\.\.)?"[^]*"(\.\.\.)? is not valid JSON$/;

/** A text that should be JSON is not. */
export function notJson(error: unknown): Fault {
  const told = error instanceof Error ? error.message : String(error);
  const reason = told.replace(quoted, '') || 'Unexpected text';
  return new Fault('record.not-json', `The text is not JSON: ${reason}.`, {
    category: 'validation',
  });
}

/** A JSON text has too many objects and lists inside each other. */
export function tooDeep(limit: number): Fault {
  return new Fault('record.too-deep', `The JSON is nested more than ${limit} levels deep.`, {
    category: 'validation',
  });
}

/** A JSON text holds a number that cannot be kept as it stands there. */
export function numberTooLarge(source: string): Fault {
  const shown = source.length > 20 ? `${source.slice(0, 20)}…` : source;
  return new Fault('record.number-too-large', `The number \`${shown}\` is too large to be kept.`, {
    category: 'validation',
  });
}
