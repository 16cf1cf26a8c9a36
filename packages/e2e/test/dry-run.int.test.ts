import { describe, expect, it } from 'vitest';
import { api } from '../src/api.ts';
import { cannectors } from '../src/command.ts';
import { workspace } from '../src/workspace.ts';

async function arrange(options: object = {}) {
  const { url, seen } = await api(({ method }) =>
    method === 'GET' ? { body: [{ id: 1 }, { id: 2 }, { id: 3 }] } : {},
  );
  const space = workspace({
    'a.json': {
      name: 'orders',
      dryRunOptions: options,
      input: {
        type: 'httpPolling',
        endpoint: `${url}/orders`,
        statePersistence: { id: { enabled: true, field: 'id', queryParam: 'after' } },
      },
      output: {
        type: 'httpRequest',
        endpoint: `${url}/target`,
        method: 'POST',
        requestMode: 'single',
        headers: { 'X-Team': 'a' },
        authentication: { type: 'bearer', credentials: { token: 'a-secret-token' } },
      },
    },
  });
  return { url, seen, space };
}

it('reads for real, sends nothing, keeps no state, and shows what would be sent', async () => {
  const { url, seen, space } = await arrange();

  const { code, stderr } = await cannectors(['run', 'a.json', '--dry-run'], space);

  expect(code).toBe(0);
  expect(seen.map(({ method }) => method)).toEqual(['GET']);
  expect(stderr).toContain('the output will not be sent');
  expect(stderr).toContain(`POST ${url}/target  1 record`);
  expect(stderr).toContain('Authorization: Bearer [MASKED-TOKEN]');
  expect(stderr).toContain('{"id":3}');
  expect(stderr).toContain('state would be {"id":3}');
  expect(stderr).toContain('nothing was sent or written to the target system');
  expect(() => space.read('.cannectors-state/orders.json')).toThrow('ENOENT');
});

it('shows as much as it is asked to', async () => {
  const options = { previewLimit: 1, includeHeaders: false, includeBody: false };
  const { space } = await arrange(options);

  const { stderr } = await cannectors(['run', 'a.json', '--dry-run'], space);

  expect(stderr.match(/POST http/g)).toHaveLength(1);
  expect(stderr).toContain('2 more operations');
  expect(stderr).not.toContain('X-Team');
  expect(stderr).not.toContain('"id":1');

  const verbose = await cannectors(['run', 'a.json', '--dry-run', '--verbose'], space);

  expect(verbose.stderr.match(/POST http/g)).toHaveLength(3);
});

it('takes a payload for no input that reads by itself', async () => {
  const { seen, space } = await arrange();

  const { code, stderr } = await cannectors(
    ['run', 'a.json', '--dry-run', '--payload', 'body.json'],
    space,
  );

  expect(code).toBe(3);
  expect(stderr).toContain('takes no payload');
  expect(seen).toEqual([]);
});

describe('of a webhook', () => {
  const pipeline = `
name: orders
input: { type: webhook, path: /orders, dataField: orders, queueSize: 5 }
filters: [{ type: set, target: source, value: shop }]
output: { type: httpRequest, endpoint: 'http://127.0.0.1:9/orders' }
`;
  const dryRun = async (...more: string[]) => {
    const space = workspace({
      'a.yaml': pipeline,
      'body.json': '{"orders": [{"id": 12345678901234567890}, {"id": 2}]}',
      'bad.json': '{"orders": [1]}',
    });
    const told = await cannectors(['run', 'a.yaml', '--dry-run', ...more], space);
    return { ...told, space };
  };

  it('shows what one delivery would lead to', async () => {
    const { code, stderr, space } = await dryRun('--payload', 'body.json');

    expect(code).toBe(0);
    expect(stderr).toContain('POST http://127.0.0.1:9/orders  2 records');
    expect(stderr).toContain('{"id":12345678901234567890,"source":"shop"}');
    expect(() => space.read('.cannectors-state')).toThrow('ENOENT');
  });

  it('is refused without a delivery', async () => {
    const { code, stderr } = await dryRun();

    expect(code).toBe(1);
    expect(stderr).toContain('waits for deliveries');
    expect(stderr).toContain('--payload delivery.json');
  });

  it.each([
    ['bad.json', 'Invalid JSON payload'],
    ['none.json', 'none.json cannot be read'],
  ])('says what is wrong with %s', async (file, told) => {
    const { code, stderr } = await dryRun('--payload', file);

    expect(code).toBe(3);
    expect(stderr).toContain(told);
  });
});

it('says no word of a preview with --quiet, and none without records', async () => {
  const { space } = await arrange();
  const empty = workspace({
    'a.yaml':
      'name: a\ninput: {type: file, path: in.ndjson}\noutput: {type: file, path: out.ndjson}\n',
    'in.ndjson': '',
  });

  expect((await cannectors(['run', 'a.json', '--dry-run', '-q'], space)).stderr).toBe('');
  expect((await cannectors(['run', 'a.yaml', '--dry-run'], empty)).stderr).not.toContain('Preview');
});
