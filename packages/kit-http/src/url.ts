/** The parts of a URL text, each exactly as it was written; together they are the text again. */
interface UrlParts {
  /** `https://user@host:8080`, or all before the path if there is no host. */
  readonly origin: string;
  readonly path: string;
  /** With its question mark. Empty: there is none. */
  readonly query: string;
  /** With its number sign. */
  readonly fragment: string;
}

/**
 * Builds the URL of a request: sets parameters in the query of an endpoint.
 *
 * With nothing to set, the text stays byte for byte as it is, except that raw spaces in the query
 * become `%20`. Otherwise pairs that stand there keep their order and spelling, but for those whose
 * decoded name is being set, which go, and empty ones; the new pairs follow, sorted by name. In names
 * and values everything is percent-encoded but `A–Z a–z 0–9 - _ . ~ $`.
 *
 * @see spec/connectors/http.md, section 1.3
 */
export function withQuery(url: string, parameters: ReadonlyMap<string, string>): string {
  if (parameters.size === 0 && !url.includes(' ')) return url;
  const { origin, path, query, fragment } = partsOf(url);
  const written = query.replaceAll(' ', '%20');
  if (parameters.size === 0) return origin + path + written + fragment;

  const kept = written
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !parameters.has(nameOf(pair)));
  const added = [...parameters]
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, value]) => `${encodeQuery(name)}=${encodeQuery(value)}`);
  return `${origin}${path}?${[...kept, ...added].join('&')}${fragment}`;
}

/**
 * Replaces the placeholder `{name}` by a value: where it first stands, or everywhere.
 *
 * In the path the value is escaped as a segment (`/` is `%2F`; `& = + $ : @` stay); in the host and
 * the query, where those would change what the URL means, everything is escaped.
 */
export function withPathValue(
  url: string,
  name: string,
  value: string,
  places: 'first' | 'all',
): string {
  const placeholder = `{${name}}`;
  if (!url.includes(placeholder)) return url;
  const { origin, path, query, fragment } = partsOf(url);
  let left = places === 'first' ? 1 : Number.POSITIVE_INFINITY;
  const fill = (text: string, escaped: string): string => {
    const pieces = text.split(placeholder);
    const count = Math.min(pieces.length - 1, left);
    left -= count;
    const filled = pieces.slice(0, count + 1).join(escaped);
    return [filled, ...pieces.slice(count + 1)].join(placeholder);
  };
  return (
    fill(origin, encodeAll(value)) +
    fill(path, encodeSegment(value)) +
    fill(query + fragment, encodeAll(value))
  );
}

/** Tells whether a path, as it was written, has a segment `.` or `..`, also in its encoded forms. */
export function hasDotSegment(url: string): boolean {
  return /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(partsOf(url).path);
}

/** A URL for logs and errors: without user info, query and fragment. */
export function safeUrl(url: string): string {
  const { origin, path } = partsOf(url);
  const text = /^https?:\/\/[^/]/i.test(origin) ? origin : origin + path;
  const server = text.replace(/^(https?:\/\/)?.*@/i, '$1');
  return text === origin ? server + path : server;
}

/** Splits a URL text; nothing is decoded, checked or lost. */
export function partsOf(url: string): UrlParts {
  const hash = url.indexOf('#');
  const fragmentAt = hash < 0 ? url.length : hash;
  const mark = url.indexOf('?');
  const queryAt = mark < 0 || mark > fragmentAt ? fragmentAt : mark;
  const colon = url.indexOf('://');
  const slash = url.indexOf('/', colon < 0 ? 0 : colon + 3);
  const pathAt = slash < 0 || slash > queryAt ? queryAt : slash;
  return {
    origin: url.slice(0, pathAt),
    path: url.slice(pathAt, queryAt),
    query: url.slice(queryAt, fragmentAt),
    fragment: url.slice(fragmentAt),
  };
}

function encodeQuery(text: string): string {
  return encodeAll(text).replaceAll('%24', '$');
}

/** Everything but the unreserved characters of RFC 3986, section 2.3. */
function encodeAll(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, hex);
}

function encodeSegment(text: string): string {
  return encodeAll(text).replace(/%(?:24|26|2B|3A|3D|40)/g, decodeURIComponent);
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** The name of a pair that stands in a query, as a server would read it. */
function nameOf(pair: string): string {
  const end = pair.indexOf('=');
  const name = end < 0 ? pair : pair.slice(0, end);
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
