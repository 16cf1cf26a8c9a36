import { type Context, type Item, itemOf, type Output, type Rejection } from '@cannectors/core';
import { template } from '@cannectors/kit-template';
import { expect, it } from 'vitest';
import { type HttpConfig, httpClient } from '../src/index.ts';
import { configFor, contextWith } from './context.ts';
import { json, serve } from './serve.ts';

// What the kit is for: a whole output, with authentication, retries, partial failure and dry run.

type Config = HttpConfig & { readonly text: string };

/** Slack takes one message per call, so a batch can fail in part. */
function slack(config: Config, context: Context): Output {
  const client = httpClient(config, context);
  const text = template(config.text, 'text', '/text');
  const message = (item: Item) => ({ text: text.render(item) });

  return {
    async write({ items }, signal) {
      const rejected: Rejection[] = [];
      for (const [index, item] of items.entries()) {
        signal.throwIfAborted();
        await client
          .send('POST', item, message(item), signal)
          .catch((fault) => rejected.push({ index, fault }));
      }
      return { rejected };
    },

    preview: ({ items }) =>
      items.map((item) => ({ title: 'Post a message', detail: message(item) })),
  };
}

it('makes an output of a few lines', async () => {
  const server = await serve((response, { body }, count) => {
    if (body.includes('Grace')) json(response, {}, 400);
    else json(response, {}, count === 1 ? 503 : 200);
  });
  const { context } = contextWith(3);
  const config = configFor(server.url, {
    authentication: { type: 'bearer', credentials: { token: 't' } },
  });
  const output = slack({ ...config, text: 'New order of {{ record.name }}' }, context);
  const items = [{ name: 'Ada' }, { name: 'Grace' }, { name: 'Alan "the" Machine' }].map((record) =>
    itemOf(record),
  );
  const batch = { items, seq: 0, attempt: 1, failFast: false };

  const result = await output.write(batch, new AbortController().signal);

  expect(result).toMatchObject({ rejected: [{ index: 1, fault: { statusCode: 400 } }] });
  expect(server.seen.map(({ body }) => body)).toStrictEqual([
    '{"text":"New order of Ada"}',
    '{"text":"New order of Ada"}',
    '{"text":"New order of Grace"}',
    '{"text":"New order of Alan \\"the\\" Machine"}',
  ]);
  expect(server.seen[0]?.headers).toMatchObject({
    authorization: 'Bearer t',
    'content-type': 'application/json',
  });
});
