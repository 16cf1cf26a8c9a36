import { describe, expect, it } from 'vitest';
import { destination, outputFor } from './sending.ts';

const endpoint =
  'https://ada:s3cret@api.example.com/things/{{ record.id }}?access_token=s3cret&a=1';

describe('a preview', () => {
  it('shows every request as it would be sent', async () => {
    const { preview } = outputFor({
      endpoint: 'https://api.example.com/things/{{ record.id }}',
      batchSize: 2,
      queryParams: { q: 'a b' },
      headers: { 'X-Name': 'ü', 'X-Gone': '{{ record.gone }}' },
      body: '{"ids": [{% for r in records %}{{ r.id }},{% endfor %}]}',
    });

    expect(await preview([{ id: 1 }, { id: 2 }, { id: 3 }])).toStrictEqual([
      {
        kind: 'http',
        title: 'POST https://api.example.com/things/1?q=a%20b',
        record_count: 2,
        http: {
          endpoint: 'https://api.example.com/things/1?q=a%20b',
          method: 'POST',
          headers: {
            'User-Agent': 'Cannectors-Runtime/1.0',
            'Content-Type': 'application/json',
            'X-Name': 'ü',
          },
          body_preview: '{"ids": [1,2,]}',
        },
      },
      expect.objectContaining({ record_count: 1 }),
    ]);
  });

  it('has no body where none would be sent', async () => {
    const { preview } = outputFor({ endpoint: 'https://api.example.com/x', method: 'GET' });

    const [shown] = (await preview([{ id: 1 }])) ?? [];

    expect(shown?.http).not.toHaveProperty('body_preview');
  });

  it('says that a long body is cut', async () => {
    const { preview } = outputFor({ endpoint: 'https://api.example.com/x' });

    const [shown] = (await preview([{ text: 'x'.repeat(2 * 1024 * 1024) }])) ?? [];

    expect(shown?.http?.body_preview?.length).toBeLessThan(1024 * 1024 + 100);
    expect(shown?.http?.body_preview).toMatch(/cut: 2097165 bytes in all$/);
  });

  it('touches nothing', async () => {
    const server = await destination();
    const authentication = {
      type: 'oauth2',
      credentials: { tokenUrl: `${server.url}/token`, clientId: 'p', clientSecret: 's3cret' },
    };
    const { preview } = outputFor({ endpoint: server.endpoint, authentication });

    await preview([{ id: 1 }]);
    await preview([{ id: 1 }], true);

    expect(server.requests).toStrictEqual([]);
  });
});

describe('credentials in a preview', () => {
  it.each([
    [
      { type: 'bearer', credentials: { token: 's3cret' } },
      { Authorization: 'Bearer [MASKED-TOKEN]' },
      { Authorization: 'Bearer s3cret' },
    ],
    [
      { type: 'basic', credentials: { username: 'ada', password: 's3cret' } },
      { Authorization: 'Basic [MASKED-CREDENTIALS]' },
      { Authorization: `Basic ${Buffer.from('ada:s3cret').toString('base64')}` },
    ],
    [
      { type: 'api-key', credentials: { key: 's3cret', headerName: 'X-Mine' } },
      { 'X-Mine': '[MASKED-API-KEY]' },
      { 'X-Mine': 's3cret' },
    ],
    [
      {
        type: 'oauth2',
        credentials: { tokenUrl: 'https://a.example/t', clientId: 'c', clientSecret: 's3cret' },
      },
      { Authorization: 'Bearer [MASKED-OAUTH2-TOKEN]' },
      { Authorization: 'Bearer [MASKED-OAUTH2-TOKEN]' },
    ],
  ])('%j', async (authentication, masked, open) => {
    const { preview } = outputFor({ endpoint, authentication, requestMode: 'single' });

    const hidden = await preview([{ id: 1 }]);
    const shown = await preview([{ id: 1 }], true);

    expect(hidden?.[0]?.http?.headers).toMatchObject(masked);
    expect(hidden?.[0]?.http?.endpoint).toBe(
      'https://api.example.com/things/1?access_token=[MASKED]&a=1',
    );
    expect(JSON.stringify(hidden)).not.toContain('s3cret');
    expect(JSON.stringify(hidden)).not.toContain(Buffer.from('ada:s3cret').toString('base64'));
    expect(shown?.[0]?.http?.headers).toMatchObject(open);
    expect(shown?.[0]?.http?.endpoint).toBe(endpoint.replace('{{ record.id }}', '1'));
  });

  it('masks the key in the query', async () => {
    const authentication = {
      type: 'api-key',
      credentials: { key: 's3cret', location: 'query', paramName: 'k' },
    };
    const { preview } = outputFor({ endpoint: 'https://api.example.com/x?a=1', authentication });

    expect((await preview([{}]))?.[0]?.http?.endpoint).toBe(
      'https://api.example.com/x?a=1&k=[MASKED-API-KEY]',
    );
    expect((await preview([{}], true))?.[0]?.http?.endpoint).toBe(
      'https://api.example.com/x?a=1&k=s3cret',
    );
  });

  it('shows a token that was fetched before, if it may', async () => {
    const server = await destination(({ path }) =>
      path === '/token' ? { body: { access_token: 'fetched', expires_in: 600 } } : { status: 201 },
    );
    const authentication = {
      type: 'oauth2',
      credentials: { tokenUrl: `${server.url}/token`, clientId: 'shown', clientSecret: 's3cret' },
    };
    const { write, preview } = outputFor({ endpoint: server.endpoint, authentication });

    await write([{}]);

    expect((await preview([{}], true))?.[0]?.http?.headers).toMatchObject({
      Authorization: 'Bearer fetched',
    });
    expect(JSON.stringify(await preview([{}]))).not.toContain('fetched');
  });
});
