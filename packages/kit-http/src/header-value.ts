import { badHeader } from './faults.ts';

/**
 * Checks the name of a header: a token.
 *
 * @throws `http.bad-header`
 * @see RFC 9110, section 5.6.2
 */
export function checkName(name: string, pointer?: string): void {
  if (/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return;
  throw badHeader(name, 'is not the name of a header', pointer);
}

/**
 * Gives a value as it is written on the wire: characters beyond ASCII as UTF-8.
 *
 * @throws `http.bad-header` for a line break or another control character
 * @see RFC 9110, section 5.5
 */
export function wireValue(name: string, value: string, pointer?: string): string {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value;
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) {
    throw badHeader(name, 'has a control character in its value', pointer);
  }
  return Buffer.from(value, 'utf8').toString('latin1');
}
