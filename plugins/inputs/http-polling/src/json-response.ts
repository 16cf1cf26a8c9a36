import { isFault, type Json } from '@cannectors/core';
import { parseJson } from '@cannectors/kit-record';
import { notJson } from './faults.ts';

/**
 * Parses the body of a response, keeping every digit.
 *
 * @throws `http-polling.not-json`; the message quotes nothing of the body
 */
export function jsonResponse(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw notJson(causeOf(error, text));
  }
}

function causeOf(error: unknown, text: string): string {
  // The parser's own words, where there are any: it is the cause of the fault.
  const cause = isFault(error) && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, position] = / at position (\d+)/.exec(message) ?? [];
  const isTruncated = message.startsWith('Unterminated') || Number(position) >= text.length;
  if (isTruncated || message.startsWith('Unexpected end')) return 'unexpected end of JSON input';
  // The engine quotes the text, and bodies do not belong into messages.
  const plain = message.replace(/, (?:\.\.\.)?".*$/s, '');
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}
