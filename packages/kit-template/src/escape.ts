import type { Json } from '@cannectors/core';
import { textOf } from '@cannectors/kit-record';

/** Where the text of a template goes, which says how values are escaped. */
export type Target = 'url' | 'json' | 'xml' | 'text';

/**
 * Gives the function that turns a value into text that is safe in the target.
 *
 * - `url`: everything but `A–Z a–z 0–9 - _ . ~` is percent-encoded, also in paths;
 * - `json`: the inside of a string, whose quotes the author writes;
 * - `xml`: text and attributes alike; a character that XML 1.0 does not have becomes U+FFFD;
 * - `text`: nothing is changed.
 *
 * @see spec/connectors/templates-and-expressions.md, section 1.3
 */
export function printer(target: Target): (value: Json | undefined) => string {
  return printers[target];
}

const printers: Readonly<Record<Target, (value: Json | undefined) => string>> = {
  url(value) {
    if (typeof value === 'string') return url(value);
    return Number.isSafeInteger(value) ? textOf(value) : url(textOf(value));
  },
  json: (value) => json(textOf(value)),
  xml: (value) => xml(textOf(value)),
  text: textOf,
};

function url(text: string): string {
  const encoded = encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed());
  return urlSpecial.test(encoded) ? encoded.replaceAll(urlEscaped, percentEncoded) : encoded;
}

/** What `encodeURIComponent` leaves as it is, and RFC 3986 reserves. */
const urlSpecial = /[!'()*]/;
const urlEscaped = /[!'()*]/g;

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function json(text: string): string {
  return jsonSpecial.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

// oxlint-disable-next-line no-control-regex -- these are the characters that are looked for
const jsonSpecial = /[\0-\u001f"\\\ud800-\udfff]/;

function xml(text: string): string {
  return xmlSpecial.test(text) ? text.toWellFormed().replaceAll(xmlEscaped, xmlEscape) : text;
}

// oxlint-disable-next-line no-control-regex -- these are the characters that are looked for
const xmlEscaped = /[\0-\u001f&<>"'\ufffe\uffff]/g;
// oxlint-disable-next-line no-control-regex -- the same, and halves of characters
const xmlSpecial = /[\0-\u001f&<>"'\ufffe\uffff\ud800-\udfff]/;

const xmlEscapes: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['\t', '&#x9;'],
  ['\n', '&#xA;'],
  ['\r', '&#xD;'],
]);

function xmlEscape(character: string): string {
  return xmlEscapes.get(character) ?? '\ufffd';
}
