import { partsOf } from './url.ts';

/** Where the API key of a module stands; it is masked under its own name. */
export interface KeyPlace {
  /** Lower case. */
  readonly header?: string | undefined;
  readonly param?: string | undefined;
}

/** Names of headers and parameters that tell of a secret, whoever set them. */
const telling =
  /(?:^|[-_.])(?:auth(?:orization|entication)?|cookie|credentials?|pass\w*|pwd|secret|session\w*|sig(?:nature)?|token)(?:$|[-_.])|api[-_]?key|access[-_]?key|(?:token|secret|password)$/i;

/**
 * Gives the value of a header as a preview may show it.
 *
 * @param isOAuth the module asks for its tokens itself
 * @see spec/connectors/http.md, section 4.6
 */
export function maskedHeader(
  name: string,
  value: string,
  place: KeyPlace,
  isOAuth: boolean,
): string {
  const lower = name.toLowerCase();
  if (lower === place.header) return '[MASKED-API-KEY]';
  if (!telling.test(lower)) return value;
  if (/^bearer /i.test(value)) return `Bearer [MASKED-${isOAuth ? 'OAUTH2-' : ''}TOKEN]`;
  return /^basic /i.test(value) ? 'Basic [MASKED-CREDENTIALS]' : '[MASKED]';
}

/** Gives a URL as a preview may show it: no user info, no secrets in the query. */
export function maskedUrl(url: string, place: KeyPlace): string {
  const { origin, path, query, fragment } = partsOf(url);
  const pairs = query
    .slice(1)
    .split('&')
    .map((pair) => {
      const [name = ''] = pair.split('=', 1);
      const plain = decoded(name);
      if (plain === place.param) return `${name}=[MASKED-API-KEY]`;
      return telling.test(plain) ? `${name}=[MASKED]` : pair;
    });
  const shown = query === '' ? '' : `?${pairs.join('&')}`;
  return origin.replace(/\/\/.*@/, '//') + path + shown + fragment;
}

/**
 * Makes a function that takes the secrets of a module out of a text that a server wrote, and one more
 * that came up meanwhile. Very short ones stay: they stand in every text by chance.
 */
export function redactor(secrets: readonly string[]): (text: string, another?: string) => string {
  return (text, another = '') => {
    let shown = text;
    for (const secret of [...secrets, another]) {
      if (secret.length >= 4) shown = shown.replaceAll(secret, '***');
    }
    return shown;
  };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
