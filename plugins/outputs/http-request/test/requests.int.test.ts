import { isFault, itemOf } from '@cannectors/core';
import { until } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import { destination, outputFor, patientDestination, said } from './sending.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index }));

describe('where a request goes', () => {
  it('is made of the record, in single mode', async () => {
    const { endpoint, requests } = await destination();
    const { write } = outputFor({
      endpoint: `${endpoint}/{{ record.type }}/{id}?q=a b&$top=1&old={{ record.type }}`,
      requestMode: 'single',
      queryParams: { n: '{{ record.name }}', $filter: 'id eq {{ record.id }}', old: '' },
      headers: {
        'X-Name': '{{ record.name }}',
        'X-Gone': '{{ record.gone }}',
        'X-Empty': '',
        'X-Id': 'own',
      },
      keys: [
        { field: 'id', paramType: 'path', paramName: 'id' },
        { field: 'sub.n', paramType: 'query', paramName: 'n' },
        { field: 'flag', paramType: 'header', paramName: 'x-id' },
      ],
    });

    await write([
      { id: 'a/b', type: 'x&y', name: 'Ada', sub: { n: 0 }, flag: false },
      { id: 7, type: '?', name: 'é', sub: { n: 1e21 }, flag: 12345678 },
    ]);

    expect(requests.map(({ path, query }) => [path, query])).toStrictEqual([
      ['/things/x%26y/a%2Fb', { q: 'a b', $top: '1', $filter: 'id eq a/b', n: '0', old: '' }],
      ['/things/%3F/7', { q: 'a b', $top: '1', $filter: 'id eq 7', n: '1e+21', old: '' }],
    ]);
    expect(requests[0]?.headers).toMatchObject({ 'x-name': 'Ada', 'x-empty': '', 'x-id': 'false' });
    expect(requests[0]?.headers).not.toHaveProperty('x-gone');
    expect(requests[1]?.headers['x-id']).toBe('12345678');
  });

  it('is made of the first record, in a batch', async () => {
    const { endpoint, requests } = await destination();
    const { write } = outputFor({ endpoint: `${endpoint}/{{ record.id }}`, batchSize: 2 });

    await write(numbered(5));

    expect(requests.map(({ path, text }) => [path, text])).toStrictEqual([
      ['/things/0', '[{"id":0},{"id":1}]'],
      ['/things/2', '[{"id":2},{"id":3}]'],
      ['/things/4', '[{"id":4}]'],
    ]);
  });

  it.each([
    [{}, 'path key "id": field "id" is missing in record'],
    [{ id: null }, 'path key "id": field "id" is null in record'],
    [{ id: '' }, 'path key "id": field "id" is empty in record'],
  ])('needs a value for every key: %j', async (record, message) => {
    const { endpoint, requests } = await destination();
    const { write } = outputFor({
      endpoint: `${endpoint}/{id}`,
      requestMode: 'single',
      keys: [{ field: 'id', paramType: 'path', paramName: 'id' }],
    });

    expect(await write([record])).toMatchObject({
      rejected: [{ index: 0, fault: { message, category: 'validation', retry: false } }],
    });
    expect(requests).toStrictEqual([]);
  });

  it('is refused when it is no URL, and nothing is sent', async () => {
    const { write } = outputFor({ endpoint: '{{ record.url }}', requestMode: 'single' });

    expect(await write([{ url: 'https://api.example.com/x' }])).toMatchObject({
      rejected: [
        {
          fault: {
            code: 'http-request.bad-endpoint',
            message: expect.stringMatching(
              /^endpoint is invalid after template evaluation: /,
            ) as string,
          },
        },
      ],
    });
  });

  it('is not another server because of a record', async () => {
    const { url, requests } = await destination();
    const { write } = outputFor({
      endpoint: `${url.replace('127.0.0.1', '{{ record.host }}')}/things`,
      requestMode: 'single',
    });

    expect(await write([{ host: '127.0.0.1' }])).toMatchObject({
      rejected: [{ fault: { code: 'http.blocked-address' } }],
    });
    expect(requests).toStrictEqual([]);
  });
});

describe('a failing record, one by one', () => {
  const config = (endpoint: string) => ({ endpoint, requestMode: 'single' });

  it('stops the batch under `fail`, and the rest is unsent', async () => {
    const { endpoint, requests } = await destination((_request, count) => ({
      status: count === 3 ? 400 : 201,
      body: '',
    }));
    const { write, context } = outputFor(config(endpoint));

    expect(await write(numbered(5), true)).toMatchObject({
      rejected: [{ index: 2, fault: { statusCode: 400 } }],
      unsent: [3, 4],
    });
    expect(requests).toHaveLength(3);
    expect(said(context, 'error')).toMatchObject([
      { message: 'output send failed', fields: { records_sent: 2, records_failed: 1 } },
    ]);
  });

  it('is one of many otherwise', async () => {
    const { endpoint, requests } = await destination((_request, count) => ({
      status: count % 2 === 0 ? 422 : 201,
      body: { reason: 'no' },
    }));
    const { write, context } = outputFor(config(endpoint));

    expect(await write(numbered(4))).toMatchObject({
      rejected: [{ index: 1 }, { index: 3 }],
      unsent: [],
    });
    expect(requests).toHaveLength(4);
    expect(said(context, 'error')).toMatchObject([
      {
        message: 'http error response',
        fields: { status_code: 422, response_body: '{"reason":"no"}', endpoint },
      },
      {
        message: 'request failed for record',
        fields: { record_index: 1, error_category: 'validation' },
      },
      { message: 'http error response' },
      { message: 'request failed for record', fields: { record_index: 3 } },
    ]);
    expect(said(context, 'info')).toMatchObject([
      {
        message: 'output send started',
        fields: {
          module_type: 'httpRequest',
          endpoint,
          method: 'POST',
          record_count: 4,
          request_mode: 'single',
          has_auth: false,
        },
      },
      { message: 'output send completed', fields: { records_sent: 2, records_failed: 2 } },
    ]);
  });
});

describe('a failing batch', () => {
  const config = (endpoint: string) => ({ endpoint, batchSize: 2 });

  it('stops the others under `fail`', async () => {
    const { endpoint, requests } = await destination((_request, count) => ({
      status: count === 2 ? 503 : 200,
    }));
    const { write } = outputFor(config(endpoint));

    expect(await write(numbered(7), true)).toMatchObject({
      rejected: [
        {
          index: 2,
          fault: {
            message: 'httpRequest batch 1: server error (status 503): 503 Service Unavailable',
            code: 'http.status',
            category: 'server',
            statusCode: 503,
          },
        },
        { index: 3 },
      ],
      unsent: [4, 5, 6],
    });
    expect(requests).toHaveLength(2);
  });

  it('is one of many otherwise', async () => {
    const { endpoint } = await destination((_request, count) => ({
      status: count === 2 ? 400 : 200,
      body: '',
    }));
    const { write, context } = outputFor(config(endpoint));

    expect(await write(numbered(5))).toMatchObject({
      rejected: [{ index: 2 }, { index: 3 }],
      unsent: [],
    });
    expect(said(context, 'error')).toMatchObject([
      {
        message: 'httpRequest batch failed',
        fields: { batch_index: 1, batch_count: 3, batch_records: 2 },
      },
    ]);
  });
});

it('sends nothing at all for no records', async () => {
  const { endpoint, requests } = await destination();
  const { write, context } = outputFor({ endpoint });

  expect(await write([])).toStrictEqual({});
  expect(requests).toStrictEqual([]);
  expect(context.lines).toStrictEqual([]);
});

describe('concurrency', () => {
  it('has so many requests in flight, no more, and begins them in order', async () => {
    const { endpoint, arrived, waiting } = await patientDestination();
    const { write } = outputFor({ endpoint, requestMode: 'single', concurrency: 3 });
    let most = 0;

    const writing = write(numbered(8));
    for (let answered = 0; answered < 8; answered++) {
      await until(() => waiting.length >= Math.min(3, 8 - answered), 'the lanes are full');
      most = Math.max(most, waiting.length);
      waiting.shift()?.(201);
    }

    expect(await writing).toMatchObject({ rejected: [], unsent: [] });
    expect(most).toBe(3);
    expect(arrived.toSorted()).toStrictEqual(numbered(8).map((record) => JSON.stringify(record)));
    expect(arrived.slice(0, 3).toSorted()).toStrictEqual(['{"id":0}', '{"id":1}', '{"id":2}']);
  });

  it('awaits what is in flight after a failure, and counts it', async () => {
    const { endpoint, arrived, waiting } = await patientDestination();
    const { write, context } = outputFor({ endpoint, requestMode: 'single', concurrency: 2 });

    const writing = write(numbered(6), true);
    await until(() => waiting.length === 2, 'two requests are on their way');
    const failing = arrived.indexOf('{"id":1}');
    waiting[failing]?.(400, 'no');
    await until(() => said(context, 'error').length === 1, 'the failure is known');
    waiting[1 - failing]?.(201);

    expect(await writing).toMatchObject({ rejected: [{ index: 1 }], unsent: [2, 3, 4, 5] });
    expect(said(context, 'error')).toMatchObject([
      { message: 'http error response' },
      { message: 'output send failed', fields: { records_sent: 1, records_failed: 1 } },
    ]);
  });
});

describe('cancelling', () => {
  it('ends a write with the fault, and begins nothing more', async () => {
    const { endpoint, requests } = await destination(() => ({ never: true }));
    const { output } = outputFor({ endpoint, requestMode: 'single', concurrency: 2 });
    const controller = new AbortController();
    const items = numbered(5).map((record) => itemOf(record));

    const writing = output.write({ items, seq: 0, attempt: 1, failFast: false }, controller.signal);
    const ended = writing.then(
      () => undefined,
      (error: unknown) => error,
    );
    await until(() => requests.length === 2, 'two requests are on their way');
    controller.abort();

    expect(isFault(await ended)).toBe(true);
    expect(requests).toHaveLength(2);
  });
});

describe('an idempotency key', () => {
  const items = (...ids: string[]) => ids.map((id) => itemOf({ id }, { id }));

  it('is asked for, and is the id of the record', async () => {
    const { endpoint, requests } = await destination((_request, count) => ({
      status: count === 1 ? 503 : 201,
    }));
    const config = { endpoint, requestMode: 'single', idempotencyKey: true };
    const { write, output } = outputFor(config, { maxRetries: 1 });

    await write(items('r1', 'r2'));

    expect(output.needsIds).toBe(true);
    expect(requests.map(({ headers }) => headers['idempotency-key'])).toStrictEqual([
      'r1',
      'r1',
      'r2',
    ]);
  });

  it('is made of all ids of a batch', async () => {
    const { endpoint, requests } = await destination();
    const { write } = outputFor({ endpoint, batchSize: 2, idempotencyKey: true });

    await write(items('r1', 'r2', 'r3', 'r4'));
    await write(items('r1', 'r2'));
    await write(items('r1'));

    const [one, other, again, single] = requests.map(({ headers }) => headers['idempotency-key']);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
    expect(single).toBe('r1');
  });

  it('is not there otherwise, and not in the way of one’s own', async () => {
    const { endpoint, requests } = await destination();
    const own = { endpoint, idempotencyKey: true, headers: { 'idempotency-KEY': 'own' } };

    await outputFor({ endpoint }).write(items('r1'));
    await outputFor(own).write(items('r1'));

    expect(requests[0]?.headers).not.toHaveProperty('idempotency-key');
    expect(requests[1]?.headers['idempotency-key']).toBe('own');
  });
});
