import { describe, expect, it } from 'vitest';
import { destination, outputFor, said } from './sending.ts';

describe('without a rule', () => {
  it.each([200, 201, 202, 203, 204])('%d is a success', async (status) => {
    const { endpoint } = await destination(() => ({ status }));

    expect(await outputFor({ endpoint }).write([{}])).toMatchObject({ rejected: [] });
  });

  it.each([
    [206, '{"no":1}', 'unknown error (status 206): {"no":1}'],
    [302, '{"no":1}', 'unknown error (status 302): {"no":1}'],
    [302, '', 'unknown error (status 302): 302 Found'],
  ])('%d with %j is a failure that is not repeated', async (status, body, message) => {
    const { endpoint, requests } = await destination(() => ({ status, body }));
    const { write, context } = outputFor({ endpoint }, { maxRetries: 3 });

    expect(await write([{}])).toMatchObject({
      rejected: [
        {
          fault: {
            code: 'http.rejected',
            category: 'unknown',
            retry: false,
            statusCode: status,
            message: `httpRequest batch 0: ${message}`,
          },
        },
      ],
    });
    expect(requests).toHaveLength(1);
    expect(said(context, 'error').some((line) => line.message === 'http error response')).toBe(
      body !== '',
    );
  });

  it('shows at most 500 characters of the answer', async () => {
    const { endpoint } = await destination(() => ({ status: 302, body: 'x'.repeat(2000) }));
    const { write, context } = outputFor({ endpoint });

    await write([{}]);

    const [line] = said(context, 'error');
    expect(line).toMatchObject({ fields: { response_body: 'x'.repeat(500) } });
  });
});

describe('a list of statuses', () => {
  it.each([
    [409, 1, 0],
    [418, 1, 0],
    [200, 1, 1],
    [400, 1, 1],
    [503, 4, 1],
  ])('%d makes %d requests and %d rejections', async (status, count, rejections) => {
    const { endpoint, requests } = await destination(() => ({ status }));
    const success = { statusCodes: [201, 409, 418] };

    const result = await outputFor({ endpoint, success }, { maxRetries: 3 }).write([{}]);

    expect(result?.rejected).toHaveLength(rejections);
    expect(requests).toHaveLength(count);
  });
});

describe('an expression', () => {
  it.each([
    ['statusCode == 200', 200, '', true],
    ['statusCode % 100 == 4', 404, '', true],
    ['statusCode < 300', 400, '', false],
    ['body.ok', 200, '{"ok": true}', true],
    ['body.ok', 500, '{"ok": true}', true],
    ['body.ok', 200, '{"ok": false}', false],
    ['body == nil', 200, '', true],
    ['headers["X-Sync-Result"][0] == "done"', 200, '', true],
    ['"done" in headers["X-Sync-Result"]', 200, '', true],
    ['headers["x-sync-result"] == nil', 200, '', true],
  ])('%s, with %d and %j: %s', async (expression, status, body, isSuccess) => {
    const { endpoint } = await destination(() => ({
      status,
      headers: { 'x-sync-result': 'done' },
      body,
    }));

    const result = await outputFor({ endpoint, success: { expression } }).write([{}]);

    expect(result?.rejected).toHaveLength(isSuccess ? 0 : 1);
  });

  it.each([
    ['body.ok', '<html>', 'success.expression references body but response is not valid JSON'],
    ['body.a.b == 1', '{}', 'success.expression evaluation failed'],
    ['statusCode + 1', '{}', 'success.expression evaluation failed'],
  ])('%s with %j is an error', async (expression, body, message) => {
    const { endpoint, requests } = await destination(() => ({ status: 200, body }));
    const { write } = outputFor({ endpoint, success: { expression } }, { maxRetries: 3 });

    expect(await write([{}])).toMatchObject({
      rejected: [{ fault: { retry: false, message: expect.stringContaining(message) as string } }],
    });
    expect(requests).toHaveLength(1);
  });

  it('does not ask for JSON that it does not read', async () => {
    const { endpoint } = await destination(() => ({ status: 200, body: '<html>' }));
    const { write } = outputFor({ endpoint, success: { expression: 'statusCode == 200' } });

    expect(await write([{}])).toMatchObject({ rejected: [] });
  });

  it.each([
    [undefined, 1],
    [[503], 4],
    [[500], 1],
  ])('alone repeats a 503 only if the list is %j: %d requests', async (codes, count) => {
    const { endpoint, requests } = await destination(() => ({ status: 503, body: '<html>' }));
    const { write } = outputFor(
      {
        endpoint,
        success: { expression: 'body.ok' },
        ...(codes !== undefined && { retry: { retryableStatusCodes: codes } }),
      },
      { maxRetries: 3 },
    );

    expect(await write([{}])).toMatchObject({ rejected: [{ fault: { statusCode: 503 } }] });
    expect(requests).toHaveLength(count);
  });

  it('has to hold beside the list', async () => {
    const { endpoint, requests } = await destination((_request, count) => ({
      status: [200, 200, 202, 503][count - 1] ?? 200,
      body: { ok: count !== 2 },
    }));
    const success = { statusCodes: [200], expression: 'body.ok' };
    const { write } = outputFor({ endpoint, success }, { maxRetries: 0 });

    const results = [];
    for (let index = 0; index < 4; index++) results.push(await write([{}]));

    expect(results.map((result) => result?.rejected?.length)).toStrictEqual([0, 1, 1, 1]);
    expect(requests).toHaveLength(4);
  });
});

it('counts a success whose body asks for a retry as a failure', async () => {
  const { endpoint, requests } = await destination((_request, count) => ({
    status: 200,
    body: { again: count < 3 },
  }));
  const retry = { retryHintFromBody: 'body.again' };

  const result = await outputFor({ endpoint, retry }, { maxRetries: 3 }).write([{}]);

  expect(result).toMatchObject({ rejected: [] });
  expect(requests).toHaveLength(3);
});
