/**
 * Finds the target of the link with the relation `next` in a `Link` header.
 *
 * @param value of the header, or the values where it was sent several times
 * @see RFC 8288, section 3
 */
export function nextLink(value: string | readonly string[]): string | undefined {
  const text = typeof value === 'string' ? value : value.join(',');
  const link =
    /\s*<([^>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)\s*(?:,|$)/y;
  while (link.lastIndex < text.length) {
    const [whole = '', target, parameters = ''] = link.exec(text) ?? [];
    if (whole === '') return undefined;
    if (relationsOf(parameters).includes('next')) return target?.trim();
  }
  return undefined;
}

/** The first `rel` counts; it may name several relations. */
function relationsOf(parameters: string): string[] {
  const parameter = /;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g;
  for (const [, name = '', quoted, plain = ''] of parameters.matchAll(parameter)) {
    if (name.toLowerCase() === 'rel') return (quoted ?? plain).toLowerCase().split(/\s+/);
  }
  return [];
}
