import { Fault } from '@cannectors/core';
import { fakeContext } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import { delivered, receiving, said, soon } from './receiving.ts';

const nothing = { written: 0, dropped: 0, failed: 1, deadLettered: 0 };
const failing = (category: 'validation' | 'network') => () => ({
  delivered: false,
  fault: new Fault('test.failed', 'Secret inside: 42.', { category }),
  counts: nothing,
});

describe('a delivery', () => {
  it('is answered when it is delivered, not before', async () => {
    const settle = Promise.withResolvers<void>();
    const hook = await receiving({}, async (chunk) => {
      await settle.promise;
      return delivered(chunk);
    });

    const answer = hook.post('{"id":1}');
    await soon(() => hook.chunks.length === 1);
    const early = await Promise.race([answer, new Promise((done) => setImmediate(done))]);
    settle.resolve();

    expect(early).toBeUndefined();
    expect(await said(answer)).toEqual([200, '{"status":"ok"}']);
    expect(hook.records).toEqual([{ id: 1 }]);
  });

  it.each([
    ['a list', '[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['an object', '{"a":1}', [{ a: 1 }]],
    ['null', 'null', []],
    ['an empty list', '[]', []],
    ['a list under a usual name', '{"n":1,"items":[{"a":1}]}', [{ a: 1 }]],
    ['texts under a usual name', '{"items":["a"]}', [{ items: ['a'] }]],
    ['a large number', '{"a":12345678901234567890}', [{ a: 12_345_678_901_234_567_890n }]],
  ])('may be %s', async (_, body, records) => {
    const hook = await receiving();

    expect(await said(hook.post(body))).toEqual([200, '{"status":"ok"}']);

    expect(hook.records).toEqual(records);
  });

  it('has its records where `dataField` says, and nowhere else', async () => {
    const hook = await receiving({ dataField: 'a.b' });

    const answers = [
      '{"a":{"b":[{"x":1}]}}',
      '{"a":{"b":[]}}',
      '{"a":{}}',
      '{"a":{"b":{}}}',
      '{"a":{"b":[1]}}',
      '[{"y":1}]',
    ].map((body) => said(hook.post(body)));

    expect((await Promise.all(answers)).map(([status]) => status)).toEqual([
      200, 200, 400, 400, 400, 200,
    ]);
    expect(hook.records).toHaveLength(2);
  });

  it.each([
    ['empty', ''],
    ['blank', '  '],
    ['no JSON', 'id=1&x=2'],
    ['half of it', '{"a":1'],
    ['a text', '"a"'],
    ['a number', '1'],
    ['a list with something else', '[{"a":1},2]'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['nested too deep', `${'{"a":'.repeat(600)}1${'}'.repeat(600)}`],
    ['a hundred thousand lists', '['.repeat(100_000)],
    [
      'a form with a file',
      '--x\r\nContent-Disposition: form-data; name="f"; filename="/etc/passwd"\r\n\r\n{}\r\n--x--',
    ],
  ])('that is %s is refused, and the next one is taken', async (_, body) => {
    const hook = await receiving();

    const [status, text] = await said(hook.post(body, { 'Content-Type': 'application/json' }));

    expect(status).toBe(400);
    expect(text).toMatch(/^(Invalid JSON payload|Request body is empty)$/);
    expect(await said(hook.post('{"id":1}'))).toEqual([200, '{"status":"ok"}']);
    expect(hook.records).toEqual([{ id: 1 }]);
  });

  it('is JSON whatever its Content-Type says', async () => {
    const hook = await receiving();

    const answers = ['text/plain', 'multipart/form-data; boundary=x', 'application/xml'].map(
      (type) => said(hook.post('{"id":1}', { 'Content-Type': type })),
    );

    expect((await Promise.all(answers)).map(([status]) => status)).toEqual([200, 200, 200]);
  });

  it('cannot change what objects are', async () => {
    const hook = await receiving();

    await hook.post('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');

    expect(hook.records).toHaveLength(1);
    expect(Object.keys(hook.records[0] ?? {})).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['validation', 422, 'Unprocessable records'],
    ['network', 500, 'Internal server error'],
  ] as const)(
    'that fails by %s is answered %i, and nothing of the inside',
    async (category, ...answer) => {
      const hook = await receiving({}, failing(category));

      expect(await said(hook.post('{"id":1}'))).toEqual(answer);

      expect(hook.context.lines.at(-1)).toMatchObject({
        level: 'error',
        message: 'webhook handler returned error',
        fields: { error_code: 'test.failed', error_category: category },
      });
    },
  );

  it('that takes too long is answered 504, and goes on', async () => {
    const settle = Promise.withResolvers<void>();
    const hook = await receiving({ requestTimeoutMs: 50 }, async (chunk) => {
      await settle.promise;
      return delivered(chunk);
    });

    expect(await said(hook.post('{"id":1}'))).toEqual([504, 'Gateway timeout']);
    settle.resolve();

    await soon(() => hook.context.lines.some(({ message }) => message.endsWith('committed')));
  });

  it('that nobody has begun with in time is taken back', async () => {
    const context = fakeContext();
    const { webhook } = await import('../src/webhook.ts');
    const input = webhook(
      {
        path: '/in',
        listenAddress: '127.0.0.1:0',
        requestTimeoutMs: 50,
        maxBodyBytes: 1000,
        queue: { durable: false, acceptWhilePaused: true },
        maxConcurrent: 1,
      },
      context,
    );
    await input.open?.(new AbortController().signal);
    const address = context.lines[0]?.fields['address'] as string;

    const answer = await fetch(`http://${address}/in`, { method: 'POST', body: '{}' });
    const reading = input.read({ signal: AbortSignal.abort() })[Symbol.asyncIterator]();

    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await reading.next()).toMatchObject({ done: true });
    await input.close?.();
  });
});

describe('a request', () => {
  it('to another path or with another method starts nothing', async () => {
    const hook = await receiving();
    const to = (path: string, method = 'POST'): Promise<Response> =>
      fetch(`http://127.0.0.1:${hook.port}${path}`, {
        method,
        ...(method === 'POST' && { body: '{}' }),
      });

    const statuses = await Promise.all(
      ['/', '/in/', '/in/x', '/IN', '/%69n', '//in'].map(async (path) => (await to(path)).status),
    );
    const get = await to('/in', 'GET');

    expect(statuses).toEqual([404, 404, 404, 404, 404, 404]);
    expect(get.status).toBe(405);
    expect(get.headers.get('allow')).toBe('POST');
    expect((await to('/in?a=b')).status).toBe(200);
    expect(hook.records).toHaveLength(1);
  });

  it('beyond the rate limit is refused until there is a token again', async () => {
    const hook = await receiving({ rateLimit: { requestsPerSecond: 5, burst: 5 } });

    const answers = await Promise.all(Array.from({ length: 20 }, () => hook.post('{"id":1}')));
    const refused = answers.filter(({ status }) => status === 429);

    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length + hook.records.length).toBe(20);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    await soon(async () => (await hook.post('{"id":2}')).status === 200);
  });

  it('carries its trace into the log', async () => {
    const hook = await receiving();

    await hook.post('{}', { 'X-Request-Id': 'abc\u00e9"{}-1' });
    await hook.post('{}', { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });

    const traces = hook.context.lines.map(({ fields }) => fields['trace']);
    expect(traces.filter((trace) => trace !== undefined)).toEqual(['abc-1', 'a'.repeat(32)]);
  });

  it('is refused while the pipeline is paused or stops', async () => {
    const hook = await receiving();

    hook.input.paused?.(true);
    const paused = await hook.post('{}');
    hook.input.paused?.(false);
    const resumed = await hook.post('{}');
    await hook.stop();
    const stopped = await hook.post('{}');

    expect([paused, resumed, stopped].map(({ status }) => status)).toEqual([503, 200, 503]);
    expect(paused.headers.get('retry-after')).toBe('5');
  });
});

describe('an answer', () => {
  it('is what the pipeline says, with values escaped for their place', async () => {
    const hook = await receiving({
      response: {
        statusCode: 201,
        headers: { 'X-Kind': 'order' },
        body: '{"challenge": "{{ request.body.challenge }}", "query": "{{ request.query.q }}", "n": {{ result.accepted }}}',
      },
    });

    const answer = await fetch(`${hook.url}?q=%22%7D`, {
      method: 'POST',
      body: JSON.stringify({ challenge: 'a"},{"b' }),
    });

    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-kind')).toBe('order');
    expect(await answer.json()).toEqual({ challenge: 'a"},{"b', query: '"}', n: 1 });
  });

  it('in HTML cannot be broken out of', async () => {
    const hook = await receiving({
      response: { headers: { 'content-type': 'text/html' }, body: '<p>{{ request.body.x }}</p>' },
    });

    const [, text] = await said(hook.post('{"x":"<script>"}'));

    expect(text).toBe('<p>&lt;script&gt;</p>');
  });

  it('that cannot be rendered is a plain one: the delivery is done', async () => {
    const hook = await receiving({ response: { headers: {}, body: '{{ request.body.x.y }}' } });

    expect(await said(hook.post('[]'))).toEqual([200, '{"status":"ok"}']);
  });

  it('may be empty', async () => {
    const hook = await receiving({ response: { statusCode: 204, headers: {} } });

    expect(await said(hook.post('{}'))).toEqual([204, '']);
  });
});
