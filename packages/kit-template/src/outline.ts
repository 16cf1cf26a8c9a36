import { isFault } from '@cannectors/core';
import { withPointer } from './faults.ts';
import { piecesOf } from './lexer.ts';

/** What can be told of a template without a value. */
export interface Outline {
  /** The texts between its tags, those of every branch, joined. */
  readonly text: string;
  /** What stands in its `{{ … }}`, in their order. */
  readonly values: readonly string[];
}

/**
 * Takes the tags out of a template. Comments are gone, raw blocks are text.
 *
 * @throws `template.syntax`, `template.too-complex`
 */
export function outline(source: string, pointer: string): Outline {
  try {
    let text = '';
    const values: string[] = [];
    for (const piece of piecesOf(source)) {
      if (piece.kind === 'text') text += piece.text;
      // The last token is the end of the tag.
      if (piece.kind === 'output') {
        values.push(
          piece.tokens
            .slice(0, -1)
            .map((token) => token.text)
            .join(''),
        );
      }
    }
    return { text, values };
  } catch (error) {
    throw isFault(error) ? withPointer(error, pointer) : error;
  }
}
