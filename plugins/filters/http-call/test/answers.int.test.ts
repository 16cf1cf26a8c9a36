import type { Json } from '@cannectors/core';
import { expect, it } from 'vitest';
import type { Config } from '../src/config.ts';
import { filterFor, said, server } from './asking.ts';

it.each<[string, Json, Partial<Config>, Json]>([
  ['an object', { a: 1 }, {}, { id: 1, a: 1 }],
  ['an object at dataField', { x: [{ y: { a: 1 } }] }, { dataField: 'x[0].y' }, { id: 1, a: 1 }],
  ['an empty list', [], {}, { id: 1 }],
  ['an empty list at dataField', { x: [] }, { dataField: 'x' }, { id: 1 }],
  [
    'whole numbers beyond 2^53',
    '{"n": 9007199254740993}',
    {},
    { id: 1, n: 9_007_199_254_740_993n },
  ],
  ['an object behind a byte order mark', '\uFEFF{"a": 1}', {}, { id: 1, a: 1 }],
])('puts %s into the record', async (_title, body, more, expected) => {
  const { endpoint } = await server(() => ({ body }));
  const { one } = filterFor({ endpoint, ...more });

  expect(await one({ id: 1 })).toEqual(expected);
});

it.each<[string, Json, Partial<Config>, Json]>([
  ['a list of one', [{ a: 1 }], {}, [{ a: 1 }]],
  ['a list at dataField', { x: [1, 'a', null] }, { dataField: 'x' }, [1, 'a', null]],
  ['an object', { a: 1 }, {}, { a: 1 }],
  ['null', 'null', {}, {}],
])('appends %s', async (_title, body, more, found) => {
  const { endpoint } = await server(() => ({ body }));
  const { one } = filterFor({ endpoint, mergeStrategy: 'append', resultKey: 'found', ...more });

  expect(await one({ id: 1 })).toEqual({ id: 1, found });
});

const parse = 'HTTP_CALL_JSON_PARSE';
const missing = 'HTTP_CALL_DATA_FIELD_MISSING';
const type = 'HTTP_CALL_DATA_FIELD_TYPE';
const mismatch = 'HTTP_CALL_MERGE_MISMATCH';

it.each<[string, string | undefined, string, RegExp]>([
  ['', undefined, parse, /^http_call failed to parse response: unexpected end of JSON input$/],
  ['{"a": [1', undefined, parse, /: unexpected end of JSON input$/],
  ['<html>s3cret</html>', undefined, parse, /: unexpected token '<'$/],
  ['"text"', undefined, parse, /: expected an object or a list, got string$/],
  ['7', undefined, parse, /got number$/],
  ['true', undefined, parse, /got boolean$/],
  ['[{"a": 1}, {"a": 2}]', undefined, mismatch, /list of 2 items .*use mergeStrategy append$/],
  ['{"x": [{"a": 1}]}', 'x', mismatch, /list of 1 item /],
  ['{"a": 1}', 'x', missing, /dataField 'x' not found/],
  ['{"x": {"z": 1}}', 'x.y', missing, /dataField 'x\.y' not found/],
  ['null', 'x', missing, /not found/],
  ['[{"x": {}}]', 'x', missing, /not found/],
  ['["a", "b"]', 'length', missing, /not found/],
  ['{"x": null}', 'x', type, /must be an object or a list, got null$/],
  ['{"x": "text"}', 'x', type, /got string$/],
  ['{"x": 7}', 'x', type, /got number$/],
])('refuses %j at dataField %j', async (body, dataField, code, message) => {
  const { endpoint, requests } = await server(() => ({ body }));
  const record = { id: 1, x: { kept: true } };
  const { each, context } = filterFor(
    { endpoint, ...(dataField !== undefined && { dataField }) },
    { maxRetries: 3 },
  );

  const [result] = await each([record]);

  expect(result).toMatchObject({
    status: 'rejected',
    reason: {
      code,
      category: 'validation',
      retry: false,
      statusCode: undefined,
      message: expect.stringMatching(message) as string,
    },
  });
  expect(JSON.stringify(result)).not.toContain('s3cret');
  expect(record).toEqual({ id: 1, x: { kept: true } });
  expect(requests).toHaveLength(1);
  expect(said(context, 'warn')).toHaveLength(code === missing || code === type ? 1 : 0);
});

it('takes an empty answer for no answer', async () => {
  const { endpoint } = await server(() => ({ status: 204, body: '' }));
  const { one } = filterFor({ endpoint });

  await expect(one({ id: 1 })).rejects.toMatchObject({ code: parse });
});

it('never cuts a body', async () => {
  const { endpoint } = await server(() => ({ body: { a: 'x'.repeat(5000) } }));
  const { one } = filterFor({ endpoint, maxPageBytes: 1000 });

  await expect(one({ id: 1 })).rejects.toMatchObject({
    code: 'http.page-too-large',
    message: expect.stringContaining('maxPageBytes') as string,
  });
});

it('takes keys that would change a program for plain data', async () => {
  const body = '{"__proto__": {"admin": true}, "constructor": {"prototype": {"admin": true}}}';
  const { endpoint } = await server(() => ({ body }));
  const { one } = filterFor({ endpoint });

  const record = await one({ id: 1 });

  expect((record as { admin?: unknown }).admin).toBeUndefined();
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
  expect(Object.hasOwn(record ?? {}, '__proto__')).toBe(true);
});

it('survives an answer that is nested too deep', async () => {
  const { endpoint } = await server(() => ({ body: '['.repeat(100_000) }));
  const { one } = filterFor({ endpoint });

  await expect(one({ id: 1 })).rejects.toMatchObject({ code: parse });
});
