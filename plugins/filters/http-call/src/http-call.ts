import type { Context, EachFilter, Item, Json } from '@cannectors/core';
import { answers, merging } from '@cannectors/kit-call';
import { type Address, bodyTemplate, httpClient, userAgent } from '@cannectors/kit-http';
import { recordPath, textOf } from '@cannectors/kit-record';
import { answerReader } from './answer-reader.ts';
import { classifier } from './classifier.ts';
import type { Config } from './config.ts';
import { counted } from './counted.ts';
import { mergeMismatch, noKeyValue, nothingAsked } from './faults.ts';

/** Asks an HTTP API for each record, up to `concurrency` at a time, and puts the answer into it. */
export function httpCall(config: Config, context: Context): EachFilter {
  const { keys = [], cache, concurrency } = config;
  const { log } = context;
  const method = config.method.toUpperCase();
  const body = bodyTemplate(config, context);
  if (body === undefined && keys.length === 0) throw nothingAsked();
  const type = body !== undefined && { 'Content-Type': 'application/json' };
  const client = httpClient(config, counted(context), {
    keys,
    keyProblem: noKeyValue,
    places: 'first',
    standardHeaders: { ...userAgent, Accept: 'application/json', ...type },
    connections: concurrency,
    // More than is shown, so that no URL in what is shown has lost the `@` behind its password.
    snippet: 1000,
  });
  const values = keys.map(({ field }, index) => recordPath(field, `/keys/${index}/field`));
  const read = answerReader(config.dataField, log);
  const merge = merging(config, mergeMismatch);
  const known = answers(cache, log);
  if (cache?.enabled === true && cache.key === undefined) warnOfSharing();
  const isWriting = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  const isHeldBack = context.readOnly && isWriting;
  if (isHeldBack) log.warn('calls that may write are not made in this dry run', { method });

  return {
    concurrency,

    async each(item, signal) {
      if (isHeldBack) return item;
      const address = client.render(item);
      const answer = await known.get(
        item,
        () => keyOf(address, item),
        () => ask(address, item, signal),
        signal,
      );
      merge(item.record, answer);
      return item;
    },

    marked: classifier(config.errorClassification),
    close: () => client.close(),
  };

  async function ask(address: Address, item: Item, signal: AbortSignal): Promise<Json> {
    // The target is JSON whatever the Content-Type: the one difference to the other HTTP modules.
    const sent = body?.template.render(item);
    const response = await client.request({ ...address, method, body: sent }, signal);
    return read(response.text());
  }

  /** A list, so that no two of them can look alike. Of the request, body and plain headers are not in it. */
  function keyOf({ url }: Address, { record }: Item): string {
    return JSON.stringify([url, ...values.map((path) => textOf(path.get(record)))]);
  }

  /** Two records that differ only in what is not in the key would share an answer. */
  function warnOfSharing(): void {
    const outside = [...client.templates, ...(body === undefined ? [] : [body])].filter(
      ({ pointer, template }) => /^\/(?:headers|body)/.test(pointer) && !template.isStatic,
    );
    if (outside.length === 0) return;
    const templates = outside.map(({ pointer }) => pointer);
    log.warn('the default cache key is made of URL and keys only; set cache.key', { templates });
  }
}
