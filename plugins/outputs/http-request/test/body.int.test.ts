import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { destination, outputFor, said } from './sending.ts';

const records = [
  { b: 1, a: '<&>', nothing: null, _metadata: { x: 1 }, _errors: [{ code: 'X' }] },
  { id: 9007199254740993n, n: 1.5, text: 'ü "q"' },
];
const first = '{"b":1,"a":"<&>","nothing":null,"_errors":[{"code":"X"}]}';
const second = '{"id":9007199254740993,"n":1.5,"text":"ü \\"q\\""}';

it('sends a batch as a list, compact, without _metadata, in the order of the keys', async () => {
  const { endpoint, requests } = await destination();

  await outputFor({ endpoint }).write(records);
  await outputFor({ endpoint, method: 'put' }).write(records.slice(0, 1));

  expect(requests).toMatchObject([
    { method: 'POST', text: `[${first},${second}]` },
    { method: 'PUT', text: `[${first}]` },
  ]);
  expect(requests[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'Cannectors-Runtime/1.0',
    'content-length': String(Buffer.byteLength(`[${first},${second}]`)),
  });
});

it('sends single records as objects', async () => {
  const { endpoint, requests } = await destination();

  await outputFor({ endpoint, requestMode: 'single', method: 'PATCH' }).write(records);

  expect(requests.map(({ text }) => text)).toStrictEqual([first, second]);
});

it.each(['GET', 'DELETE', 'OPTIONS', 'PURGE'])('sends no body with %s', async (method) => {
  const { endpoint, requests } = await destination(() => ({ status: 200 }));

  await outputFor({ endpoint, method, requestMode: 'single' }).write(records);

  expect(requests.map((request) => [request.method, request.text])).toStrictEqual([
    [method, ''],
    [method, ''],
  ]);
  expect(requests[0]?.headers['content-type']).toBe('application/json');
});

it('sends a template with any method', async () => {
  const { endpoint, requests } = await destination(() => ({ status: 200 }));
  const body =
    '{ "ids": [{% for r in records %}{{ r.id }}{% if not loop.last %}, {% endif %}{% endfor %}], "first": "{{ record.name }}" }';

  await outputFor({ endpoint, method: 'DELETE', body }).write([
    { id: 1, name: 'A "B"' },
    { id: 2 },
  ]);

  expect(requests.map(({ text }) => text)).toStrictEqual([
    '{ "ids": [1, 2], "first": "A \\"B\\"" }',
  ]);
});

it.each([
  [undefined, 'a"<b', 'a\\"<b'],
  ['application/vnd.api+json', 'a"<b', 'a\\"<b'],
  ['text/xml; charset=utf-8', 'a"<b', 'a&#34;&lt;b'],
  ['application/soap+xml', 'a"<b', 'a&#34;&lt;b'],
  ['application/x-www-form-urlencoded', 'a&b c', 'a%26b%20c'],
  ['text/plain', 'a"<b', 'a"<b'],
  ['{{ record.type }}', 'a"<b', 'a&#34;&lt;b'],
])('escapes for the content type %j', async (type, value, expected) => {
  const { endpoint, requests } = await destination();
  const { write } = outputFor({
    endpoint,
    requestMode: 'single',
    headers: type === undefined ? {} : { 'content-Type': type },
    body: 'v={{ record.v }}',
  });

  await write([{ v: value, type: 'application/xml' }]);

  expect(requests[0]?.text).toBe(`v=${expected}`);
});

it('says once that a template made no JSON, and sends it', async () => {
  const { endpoint, requests } = await destination();
  const { write, context } = outputFor({
    endpoint,
    requestMode: 'single',
    body: '{ {{ record.v }}',
  });

  await write([{ v: 1 }, { v: 2 }]);

  expect(requests.map(({ text }) => text)).toStrictEqual(['{ 1', '{ 2']);
  expect(said(context, 'warn')).toMatchObject([
    { message: 'body template produced invalid JSON, continuing anyway' },
  ]);
});

it('reads the template from a file, beside the pipeline', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'request-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'body.json'), '{"id": {{ record.id }}}\n');
  const { endpoint, requests } = await destination();
  const config = { endpoint, requestMode: 'single', bodyTemplateFile: 'body.json' };

  await outputFor(config, { folder }).write([{ id: 7 }]);

  expect(requests[0]?.text).toBe('{"id": 7}\n');
});
