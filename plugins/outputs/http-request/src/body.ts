import type { Context, Item, Json, JsonRecord } from '@cannectors/core';
import { bodyTemplate } from '@cannectors/kit-http';
import { jsonText } from '@cannectors/kit-record';
import type { Config } from './config.ts';

/** Makes the body of a request that carries these records; `undefined`: it has none. */
export type Body = (items: readonly Item[], headers: readonly string[]) => string | undefined;

/**
 * Compiles what is sent: the author's template, or the records as JSON with the methods that take a
 * body.
 *
 * @throws `http.no-body-file`, `template.*`
 * @see spec/connectors/http.md, section 4.2
 */
export function bodyOf(config: Config, context: Context, method: string): Body {
  const template = bodyTemplate(config, context);
  const isSingle = config.requestMode === 'single';
  if (template !== undefined) {
    const warn = warnOnce(context);
    return (items, headers) => {
      const [first] = items;
      const record = first?.record ?? {};
      const scope = isSingle ? { record } : { record, records: items.map((item) => item.record) };
      const text = template.render(scope, headers);
      if (template.isJson(headers) && !isJson(text)) warn();
      return text;
    };
  }
  if (!['POST', 'PUT', 'PATCH'].includes(method)) return () => undefined;
  if (isSingle) return ([first]) => jsonText(sent(first?.record ?? {}));
  return (items) => jsonText(items.map((item) => sent(item.record)));
}

/** `_metadata` is a scratch area of the pipeline, not data. */
function sent(record: JsonRecord): Json {
  if (!Object.hasOwn(record, '_metadata')) return record;
  const { _metadata, ...rest } = record;
  return rest;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One line says it; a line for every record would say no more. */
function warnOnce({ log }: Context): () => void {
  let isSaid = false;
  return () => {
    if (isSaid) return;
    isSaid = true;
    log.warn('body template produced invalid JSON, continuing anyway');
  };
}
