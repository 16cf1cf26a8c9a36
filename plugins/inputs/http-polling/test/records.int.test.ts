import type { Json } from '@cannectors/core';
import { expect, it } from 'vitest';
import { inputFor, recordsOf, said, source } from './reading.ts';

it.each([
  ['a list', [{ a: 1 }, { a: 2 }], undefined, [{ a: 1 }, { a: 2 }]],
  ['a list, whatever dataField says', [{ a: 1 }], 'x.y', [{ a: 1 }]],
  ['an empty list', [], undefined, []],
  ['null', null, undefined, []],
  ['dataField', { x: { y: [{ a: 1 }] }, data: [{ b: 1 }] }, 'x.y', [{ a: 1 }]],
  ['dataField with an index', { x: [{ y: [{ a: 1 }] }] }, 'x[0].y', [{ a: 1 }]],
  ['an empty list at dataField', { x: [] }, 'x', []],
  ['data', { data: [{ a: 1 }], items: [{ b: 1 }] }, undefined, [{ a: 1 }]],
  ['items, when data is no list', { data: { n: 1 }, items: [{ b: 1 }] }, undefined, [{ b: 1 }]],
  ['results', { results: [{ a: 1 }] }, undefined, [{ a: 1 }]],
  ['records', { records: [{ a: 1 }] }, undefined, [{ a: 1 }]],
  ['the object itself', { id: 7, name: 'x' }, undefined, [{ id: 7, name: 'x' }]],
])('finds the records in %s', async (_title, body, dataField, records) => {
  const { endpoint } = await source(() => ({ body: body as Json }));
  const { read } = inputFor({ endpoint, ...(dataField !== undefined && { dataField }) });

  expect(recordsOf(await read())).toStrictEqual(records);
});

it.each([
  ['[1]', undefined, 'failed to parse JSON response: expected an object at index 0, got number'],
  ['[[]]', undefined, 'failed to parse JSON response: expected an object at index 0, got array'],
  ['"text"', undefined, 'failed to parse JSON response: expected an object or a list, got string'],
  ['7', undefined, 'failed to parse JSON response: '],
  ['true', undefined, 'failed to parse JSON response: '],
  ['', undefined, 'failed to parse JSON response: unexpected end of JSON input'],
  ['  ', undefined, 'failed to parse JSON response: unexpected end of JSON input'],
  ['{"a": [1, 2', undefined, 'failed to parse JSON response: unexpected end of JSON input'],
  ['{"a": "b', undefined, 'failed to parse JSON response: unexpected end of JSON input'],
  ['{"a": tru', undefined, 'failed to parse JSON response: unexpected end of JSON input'],
  ['<html>s3cret</html>', undefined, "failed to parse JSON response: unexpected token '<'"],
  ['{}', 'x', "dataField not found or invalid: field 'x' not found"],
  ['{"x": {"y": 1}}', 'x.z', "dataField not found or invalid: field 'x.z' not found"],
  ['{"x": {}}', 'x', 'dataField not found or invalid: expected array, got object'],
  ['{"x": null}', 'x', 'dataField not found or invalid: expected array, got null'],
])('fails on %j with dataField %j', async (text, dataField, message) => {
  const { endpoint, requests } = await source(() => ({ body: text }));
  const { read } = inputFor({ endpoint, ...(dataField !== undefined && { dataField }) });

  const reading = read();

  await expect(reading).rejects.toMatchObject({
    category: 'validation',
    retry: false,
    message: expect.stringContaining(message) as string,
  });
  await expect(reading).rejects.not.toMatchObject({
    message: expect.stringContaining('s3cret') as string,
  });
  expect(requests).toHaveLength(1);
});

it('leaves out elements that are not objects, and says how many', async () => {
  const { endpoint } = await source(() => ({ body: { data: [1, { a: 1 }, null, 'x', []] } }));
  const { read, context } = inputFor({ endpoint });

  expect(recordsOf(await read())).toStrictEqual([{ a: 1 }]);
  expect(said(context, 'warn')).toStrictEqual([
    { message: 'elements that are not objects are left out', fields: { count: 4 } },
  ]);
});

it('leaves out nulls of a list', async () => {
  const { endpoint } = await source(() => ({ body: [null, { a: 1 }] }));
  const { read, context } = inputFor({ endpoint });

  expect(recordsOf(await read())).toStrictEqual([{ a: 1 }]);
  expect(said(context, 'warn')).toHaveLength(1);
});

it('keeps all digits', async () => {
  const { endpoint } = await source(() => ({ body: '[{"id": 9223372036854775807}]' }));

  expect(recordsOf(await inputFor({ endpoint }).read())).toStrictEqual([
    { id: 9223372036854775807n },
  ]);
});

it('does not look at the content type', async () => {
  const { endpoint } = await source(() => ({
    headers: { 'content-type': 'text/plain' },
    body: '\uFEFF[{"a": 1}]',
  }));

  expect(recordsOf(await inputFor({ endpoint }).read())).toStrictEqual([{ a: 1 }]);
});

it('never cuts a page that is too large', async () => {
  const { endpoint } = await source(() => ({ body: [{ text: 'x'.repeat(2000) }] }));
  const { read } = inputFor({ endpoint, maxPageBytes: 1000 });

  await expect(read()).rejects.toMatchObject({
    code: 'http.page-too-large',
    message: expect.stringContaining('maxPageBytes') as string,
  });
});

it('parses what a status below 400 brings, and fails from 400 on', async () => {
  const { endpoint } = await source((_request, count) => ({
    status: count === 1 ? 302 : 404,
    body: [{ a: 1 }],
  }));
  const { read } = inputFor({ endpoint });

  expect(recordsOf(await read())).toStrictEqual([{ a: 1 }]);
  await expect(read()).rejects.toMatchObject({
    message: 'not found error (status 404): 404 Not Found',
  });
});

it('says when a fetch began and how it ended, without query and credentials', async () => {
  const { endpoint, url } = await source((_request, count) => ({
    status: count === 1 ? 200 : 422,
    body: [{ a: 1 }],
  }));
  const secret = endpoint.replace('//', '//ada:s3cret@');
  const { read, context } = inputFor({ endpoint: `${secret}?token=s3cret` });

  await read();
  await read().catch(() => {});

  expect(context.lines).toMatchObject([
    { level: 'info', message: 'input fetch started', fields: { endpoint: `${url}/things` } },
    {
      level: 'info',
      message: 'input fetch completed',
      fields: { record_count: 1, has_pagination: false },
    },
    { level: 'info', message: 'input fetch started' },
    { level: 'error', message: 'input fetch failed' },
  ]);
  expect(JSON.stringify(context.lines)).not.toContain('s3cret');
});
