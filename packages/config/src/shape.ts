import type { Json, JsonRecord } from '@cannectors/core';
import { isRecord } from './json.ts';
import type { Found } from './problems.ts';
import { didYouMean } from './suggest.ts';

/** Which of the two documents it is, and where it begins. */
export interface Shaped {
  readonly shape: 'flat' | 'spec';
  readonly root: JsonRecord;
  /** `/connector` in the old wrapper. */
  readonly pointer: string;
}

/** Recognises a document, or says why it is neither of the two. */
export function shapeOf(document: Json): Shaped | Found {
  if (!isRecord(document) || Object.keys(document).length === 0) {
    return refused('the document is empty', '');
  }
  const inner = document['connector'];
  const isWrapped = Object.keys(document).length === 1 && isRecord(inner);
  const root = isWrapped ? inner : document;
  const pointer = isWrapped ? '/connector' : '';
  const isFlat = Object.hasOwn(root, 'input');
  if (isFlat !== Object.hasOwn(root, 'spec')) {
    return { shape: isFlat ? 'flat' : 'spec', root, pointer };
  }
  if (isFlat) return refused('both `input` and `spec` are given', pointer);
  const hints = Object.keys(root).map((key) => didYouMean(key, ['input', 'spec']));
  return refused('neither `input` nor `spec` is given', pointer, hints.find(Boolean));
}

function refused(why: string, pointer: string, hint?: string): Found {
  return {
    code: 'config.shape',
    pointer,
    message: `${why}; a document is either flat, with \`input\` and \`output\` or \`outputs\`, or a spec document, with \`metadata\` and \`spec\``,
    ...(hint !== undefined && { hint }),
  };
}
