import { type Fault, isFault, type Json } from '@cannectors/core';
import { parseJson } from '@cannectors/kit-record';

/**
 * Parses the body of an answer, keeping every digit.
 *
 * @param problem makes the fault of a body that is not JSON, in the words of the plugin; the reason
 *   quotes nothing of the body
 */
export function jsonBody(text: string, problem: (reason: string) => Fault): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw problem(reasonOf(error, text));
  }
}

function reasonOf(error: unknown, text: string): string {
  const message = ownWords(error, text);
  const [, position] = / at position (\d+)/.exec(message) ?? [];
  const isTruncated = message.startsWith('Unterminated') || Number(position) >= text.length;
  if (isTruncated || message.startsWith('Unexpected end')) return 'unexpected end of JSON input';
  // The engine quotes the text, and bodies do not belong into messages.
  const plain = message.replace(/, (?:\.\.\.)?".*$/s, '');
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}

/** What the engine says of a text that is not JSON: the fault does not tell all of it. */
function ownWords(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!isFault(error) || error.code !== 'record.not-json') return message;
  try {
    JSON.parse(text);
    return message;
  } catch (told) {
    return told instanceof Error ? told.message : message;
  }
}
