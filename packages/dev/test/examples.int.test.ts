import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Json, JsonRecord } from '@cannectors/core';
import { type ExampleApiOptions, type ExampleRun, testPipelines } from '@cannectors/testkit';
import { expect } from 'vitest';

const folder = path.resolve(import.meta.dirname, '../../../examples');

/** Records of a file that an example wrote. */
function lines({ folder: own }: ExampleRun, name: string): JsonRecord[] {
  const text = readFileSync(path.join(own, name), 'utf8').trimEnd();
  return text.split('\n').map((line) => JSON.parse(line) as JsonRecord);
}

function ids(records: readonly JsonRecord[]): Json[] {
  return records.map(({ id }) => id ?? null);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Rows of the database that an example wrote. */
function rowsIn({ folder: own }: ExampleRun, query: string): Record<string, unknown>[] {
  using database = new DatabaseSync(path.join(own, 'shop.db'), { readOnly: true });
  return database.prepare(query).all();
}

/** Everything arrived, in order, each record once. */
function allOrders({ api, result }: ExampleRun): void {
  expect(ids(api.collected)).toEqual(upTo(95));
  expect(result.records_written).toBe(95);
}

function allCustomers({ api }: ExampleRun): void {
  expect(ids(api.collected)).toEqual(upTo(40));
}

function requestsTo({ api }: ExampleRun, name: string): ExampleRun['api']['requests'] {
  return api.requests.filter(({ path: to }) => to.endsWith(name));
}

/** A second run after two records more sends only those. */
async function onlyWhatIsNew(run: ExampleRun): Promise<void> {
  const template = run.api.data['orders']?.at(-1);
  for (const id of [96, 97]) {
    run.api.data['orders']?.push({
      ...template,
      id,
      updatedAt: `2026-02-0${id - 95}T00:00:00.123456Z`,
    });
  }
  const before = run.api.collected.length;

  const second = await run.again();

  expect(second.result).toMatchObject({ status: 'success', records_written: 2 });
  expect(ids(run.api.collected.slice(before))).toEqual([96, 97]);
}

/** What the examples ask for beside the collections. */
const routes: NonNullable<ExampleApiOptions['routes']> = {
  'GET /contacts': ({ query }) => ({
    body: { customer: { email: `contact${query['customer']}@example.com` } },
  }),
  'GET /bearer/customers/13': () => ({ status: 500, body: { error: 'no such customer' } }),
  'POST /quotes': ({ body }) => {
    const { skus = [] } = body as { skus?: Json[] };
    return { body: { data: { quote: { total: { amount: 10 * skus.length, currency: 'EUR' } } } } };
  },
};

/** A table of 95 orders, each a second younger than the one before. */
function shop(own: string): void {
  using database = new DatabaseSync(path.join(own, 'shop.db'));
  database.exec(
    'CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, status TEXT, total REAL, updated_at TEXT) STRICT',
  );
  const insert = database.prepare('INSERT INTO orders VALUES (?, ?, ?, ?, ?)');
  for (const id of upTo(95)) {
    const at = new Date(Date.UTC(2026) + id * 1000).toISOString().replace('Z', '000Z');
    insert.run(id, `ada ${id}`, id % 2 === 1 ? 'paid' : 'open', id * 3.5, at);
  }
}

/** Customers 1 to 30, of whom some have a seller. */
function customers(own: string): void {
  using database = new DatabaseSync(path.join(own, 'shop.db'));
  database.exec(
    `CREATE TABLE sellers (id INTEGER PRIMARY KEY, name TEXT) STRICT;
     INSERT INTO sellers VALUES (1, 'Emmy');
     CREATE TABLE customers (
       id INTEGER PRIMARY KEY, tier TEXT, discount REAL, seller INTEGER, since TEXT
     ) STRICT;`,
  );
  const insert = database.prepare('INSERT INTO customers VALUES (?, ?, ?, ?, ?)');
  for (const id of upTo(30)) {
    insert.run(id, id % 2 === 0 ? 'gold' : 'plain', id / 100, id % 3 === 0 ? 1 : null, null);
  }
}

/** Posts a body and expects an answer. */
async function deliver(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  answer: readonly [number, string],
): Promise<void> {
  const response = await fetch(url, { method: 'POST', body, headers });
  expect([response.status, (await response.text()).trimEnd()]).toEqual(answer);
}

testPipelines(folder, {
  elsewhere: ['54-postgres-to-mysql.yaml'],
  before: {
    '46-database-input.yaml': shop,
    '50-incremental-input.yaml': shop,
    '47-sql-call-merge.yaml': customers,
    '48-sql-call-append.yaml': customers,
    '49-sql-call-cache.yaml': (own) => {
      using database = new DatabaseSync(path.join(own, 'shop.db'));
      database.exec(
        `CREATE TABLE buyers (
           id INTEGER PRIMARY KEY, number INTEGER UNIQUE, name TEXT, asked INTEGER DEFAULT 1
         ) STRICT`,
      );
    },
    '51-transactional-output.yaml': (own) => {
      using database = new DatabaseSync(path.join(own, 'shop.db'));
      database.exec(
        'CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, total REAL, paid INTEGER) STRICT',
      );
    },
  },
  api: { routes },
  meanwhile: {
    '35-webhook-hmac.yaml': async (address) => {
      const url = `${address}/orders`;
      const body = '{"id": 7}';
      const signature = createHmac('sha256', 'a secret of the examples').update(body);
      const signed = { 'X-Hub-Signature-256': `sha256=${signature.digest('hex')}` };
      const ok = [200, '{"status": "ok", "order": 7}'] as const;
      await deliver(url, body, { ...signed, 'Webhook-Id': 'a' }, ok);
      await deliver(url, body, { ...signed, 'Webhook-Id': 'a' }, ok);
      await deliver(url, '{"id": 8}', signed, [401, 'Invalid signature']);
      await deliver(url, body, {}, [401, 'Invalid signature']);
    },
    '36-webhook-queued.yaml': async (address) => {
      const ok = [202, '{"status":"ok"}'] as const;
      await deliver(`${address}/orders`, '{"orders": [{"id": 1}, {"id": 2}]}', {}, ok);
      await deliver(`${address}/returns`, '{"id": 9}', {}, ok);
      await deliver(`${address}/orders`, '{"id": 3}', {}, [400, 'Invalid JSON payload']);
    },
  },
  then: {
    '35-webhook-hmac.yaml': ({ api }) => {
      expect(api.collected).toEqual([{ id: 7, source: 'shop' }]);
    },
    '36-webhook-queued.yaml': (run) => {
      expect(rowsIn(run, 'SELECT topic, id FROM deliveries ORDER BY id')).toEqual([
        { topic: 'orders', id: 1 },
        { topic: 'orders', id: 2 },
        { topic: 'returns', id: 9 },
      ]);
      expect(run.result.records_written).toBe(3);
    },
    '01-basic-polling.yaml': (run) => {
      allOrders(run);
      expect(requestsTo(run, '/collect')).toHaveLength(1);
    },
    '02-console.yaml': ({ printed }) => {
      const [first, ...rest] = printed.trimEnd().split('\n');
      expect(JSON.parse(first ?? '')).toEqual({
        id: 1,
        name: 'Grace',
        email: 'grace1@example.com',
      });
      expect(rest).toHaveLength(39);
    },
    '03-page-pagination.yaml': (run) => {
      allOrders(run);
      expect(requestsTo(run, '/page/orders').map(({ query }) => query['page'])).toEqual([
        '1',
        '2',
        '3',
        '4',
        '5',
      ]);
      expect(requestsTo(run, '/collect').map(({ body }) => (body as Json[]).length)).toEqual([
        50, 45,
      ]);
    },
    '04-offset-with-state.yaml': async (run) => {
      allOrders(run);
      await onlyWhatIsNew(run);
    },
    '05-cursor-with-oauth2.yaml': (run) => {
      allOrders(run);
      expect(requestsTo(run, '/oauth2/token')).toHaveLength(1);
    },
    '06-link-pagination.yaml': (run) => {
      allOrders(run);
      expect(requestsTo(run, '/link/orders').map(({ query }) => query['limit'])).toEqual([
        '40',
        '40',
        '40',
      ]);
    },
    '07-odata.yaml': async (run) => {
      allOrders(run);
      await onlyWhatIsNew(run);
      const filters = requestsTo(run, '/orders').map(({ query }) => query['$filter']);
      expect(filters).toEqual([
        'LastModified gt 1970-01-01T00:00:00Z',
        'LastModified gt 2026-01-04T23:00:00.000Z',
      ]);
    },
    '08-post-search.yaml': async (run) => {
      allOrders(run);
      await run.again();
      const asked = requestsTo(run, '/orders').map(({ body }) => body);
      expect(asked).toEqual([0, 95].map((id) => ({ query: { id: { greaterThan: id } } })));
    },
    '09-api-key.yaml': allCustomers,
    '10-bearer.yaml': allCustomers,
    '11-basic.yaml': allCustomers,
    '12-transforms.yaml': (run) => {
      expect(lines(run, 'people.ndjson')[0]).toEqual({
        id: 1,
        name: 'Ada Lovelace',
        email: 'ada@example.com',
        country: 'GB',
        phone: '+4402079460001',
        tags: ['math', 'poetry'],
        label: 'math and poetry',
        age: 36,
        score: 9.75,
        active: true,
        key: '1',
        cities: ['London'],
        address: { street: "St James's Square" },
        born: '10/12/1815',
        language: 'en',
      });
      expect(lines(run, 'people.ndjson')[1]).toMatchObject({
        born: '09/12/1906',
        active: true,
        language: 'de',
      });
    },
    '13-conditions.yaml': ({ api, result }) => {
      const classes = new Set(api.collected.map((record) => record['class']));
      expect(classes).toEqual(new Set(['large', 'friends', 'other']));
      expect(api.collected.every(({ status }) => status !== 'cancelled')).toBe(true);
      expect(result.records_dropped).toBe(95 - api.collected.length);
    },
    '14-files.yaml': (run) => {
      expect(lines(run, 'products.ndjson')).toEqual([
        {
          sku: 'A-1',
          name: 'Teapot, small',
          price: 12.5,
          stock: 7,
          source: { file: 'products.csv' },
        },
        {
          sku: 'A-2',
          name: 'Cup "Ada"',
          price: 4.25,
          stock: 120,
          source: { file: 'products.csv' },
        },
      ]);
    },
    '15-single-requests.yaml': (run) => {
      const sent = requestsTo(run, '/collect');
      expect(new Set(sent.map(({ path: to }) => to))).toEqual(
        new Set(upTo(40).map((id) => `/${id}/collect`)),
      );
      expect(
        sent.every(
          ({ method, headers, body }) =>
            method === 'PUT' && headers['x-customer'] === (body as JsonRecord)['name'],
        ),
      ).toBe(true);
    },
    '16-templated-output.yaml': ({ api }) => {
      expect(api.collected).toHaveLength(95);
      expect(api.collected[0]).toEqual({
        orderId: '1',
        customer: 'GRACE',
        skus: ['SKU-1-1', 'SKU-1-2'],
      });
    },
    '17-retrying-output.yaml': (run) => {
      allCustomers(run);
      expect(requestsTo(run, '/collect')).toHaveLength(4);
      expect(run.result.retry).toMatchObject({ retries: 1 });
    },
    '18-defaults.yaml': allCustomers,
    '19-no-filters.yaml': allCustomers,
    '20-error-markers.yaml': (run) => {
      expect(run.api.collected.map(({ value }) => value)).toEqual([21.5, 19]);
      expect(lines(run, 'rejects.ndjson')).toMatchObject([
        {
          sensor: 'b',
          value: 'warm',
          _errors: [{ module: 'mapping', code: 'TYPE_CONVERSION', retryable: false }],
        },
      ]);
      expect(run.result.error_counts).toEqual({ validation: 1 });
    },
    '21-several-outputs.yaml': (run) => {
      expect(ids(lines(run, 'orders.ndjson'))).toEqual(upTo(95));
      expect(run.api.collected.every(({ status }) => status === 'paid')).toBe(true);
      expect(run.result.outputs).toMatchObject({
        archive: { records_written: 95 },
        statistics: { records_written: 0, records_failed: 95 },
      });
    },
    '22-dead-letters.yaml': (run) => {
      expect(run.result).toMatchObject({ records_written: 2, records_dead_lettered: 1 });
      expect(lines(run, 'state/dead-letters.dead-letters.ndjson')).toMatchObject([
        {
          stage: 'filter',
          record: { sensor: 'b', value: 'warm' },
          error: { code: 'TYPE_CONVERSION' },
        },
      ]);
    },
    '23-schedule.yaml': async (run) => {
      await run.again();
      const [header, ...rows] = readFileSync(path.join(run.folder, 'orders.csv'), 'utf8')
        .trimEnd()
        .split('\n');
      expect(header).toBe('id,customer,total,status');
      expect(rows).toHaveLength(95);
    },
    '24-spec-document.yaml': (run) => {
      allOrders(run);
      expect(lines(run, 'copy.ndjson')[0]).not.toHaveProperty('customer');
      // How many depends on the clock: a batch also ends when it is old.
      const sizes = requestsTo(run, '/collect').map(({ body }) => (body as Json[]).length);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(40);
    },
    '25-http-call-merge.yaml': (run) => {
      allOrders(run);
      expect(requestsTo(run, '/contacts')).toHaveLength(40);
      expect(run.api.collected[0]).toMatchObject({
        id: 1,
        customer: { id: 8, name: 'Grace', email: 'contact8@example.com' },
      });
    },
    '26-http-call-append.yaml': (run) => {
      const bad = lines(run, 'rejects.ndjson');
      expect(bad.map(({ customer }) => (customer as JsonRecord)['id'])).toEqual([13, 13]);
      expect(bad[0]).not.toHaveProperty('buyer');
      expect(bad[0]?.['_errors']).toMatchObject([
        {
          module: 'http_call',
          code: 'HTTP_CALL_HTTP_ERROR',
          message: 'http_call HTTP error 500: {"error":"no such customer"}',
          category: 'validation',
          retryable: false,
          statusCode: 500,
          attempts: 1,
        },
      ]);
      expect(run.result.error_counts).toEqual({ validation: 2 });
      expect(run.api.collected).toHaveLength(93);
      for (const { customer, buyer } of run.api.collected) {
        const { id } = customer as JsonRecord;
        expect(buyer).toEqual(run.api.data['customers']?.find((one) => one['id'] === id));
      }
    },
    '27-http-call-post.yaml': (run) => {
      allOrders(run);
      expect(requestsTo(run, '/quotes')[0]?.body).toEqual({
        customer: 8,
        skus: ['SKU-1-1', 'SKU-1-2'],
      });
      expect(run.api.collected.map(({ total }) => total)).toEqual(
        run.api.collected.map(({ lines: of }) => ({
          amount: 10 * (of as Json[]).length,
          currency: 'EUR',
        })),
      );
    },
    '29-loop-extraction.yaml': async (run) => {
      allOrders(run);
      // Order 2 has lines of one, two and three pieces.
      expect(run.api.collected[1]).toMatchObject({
        id: 2,
        lastSku: 'SKU-2-3',
        lines: [
          { sku: 'SKU-2-1', quantity: 1, orderId: 2, position: 0, pieces: 1 },
          { sku: 'SKU-2-3', quantity: 3, orderId: 2, position: 2, pieces: 3 },
        ],
      });
      expect(run.api.collected[1]).not.toHaveProperty('_metadata');

      const [order] = run.api.data['orders'] ?? [];
      Object.assign(order ?? {}, { lines: [{ sku: 'A', quantity: 1 }, { quantity: 'many' }] });
      const before = run.api.collected.length;
      await run.again();

      expect(run.api.collected[before]).toMatchObject({
        lines: [{ pieces: 1 }, { quantity: 'many' }],
        _errors: [{ module: 'mapping', code: 'TYPE_CONVERSION', recordIndex: 0, itemIndex: 1 }],
      });
    },
    '30-split-and-aggregate.yaml': (run) => {
      const wanted = new Map<Json, { lines: number; pieces: number }>();
      for (const { customer, lines: of } of run.api.data['orders'] ?? []) {
        const { name = null } = customer as JsonRecord;
        const sums = wanted.get(name) ?? { lines: 0, pieces: 0 };
        wanted.set(name, sums);
        for (const { quantity } of of as { quantity: number }[]) {
          if (quantity === 3) continue;
          sums.lines++;
          sums.pieces += quantity;
        }
      }
      expect(requestsTo(run, '/collect')).toHaveLength(1);
      expect(
        run.api.collected.map(({ customer, lineCount, pieces, lines: of }) => [
          customer,
          lineCount,
          pieces,
          (of as Json[]).length,
        ]),
      ).toEqual([...wanted].map(([name, sums]) => [{ name }, sums.lines, sums.pieces, sums.lines]));
      expect(run.result).toMatchObject({
        status: 'success',
        records_read: 95,
        records_written: wanted.size,
      });
    },
    '32-inline-script.yaml': ({ api, result }) => {
      const orders = (api.data['orders'] ?? []).filter(({ status }) => status !== 'cancelled');
      expect(ids(api.collected)).toEqual(ids(orders));
      expect(api.collected[1]).toMatchObject({ id: 3, pieces: 1, perPiece: 37.11 });
      expect(result.records_failed).toBe(95 - orders.length);
    },
    '33-script-file.yaml': (run) => {
      const [first, ...rest] = lines(run, 'customers.ndjson');
      expect(first).toEqual({
        number: 1,
        initials: 'G',
        id: 1,
        name: 'Grace',
        email: 'grace1@example.com',
      });
      expect(rest.map(({ number }) => number)).toEqual(upTo(40).slice(1));
    },
    '34-javascript-batch.yaml': ({ api, result, log }) => {
      const best = new Map<Json, JsonRecord>();
      for (const order of api.data['orders'] ?? []) {
        const { id = null } = order['customer'] as JsonRecord;
        const known = best.get(id);
        if (known === undefined || Number(known['total']) < Number(order['total'])) {
          best.set(id, order);
        }
      }
      const wanted = [...best.values()].toSorted((a, b) => Number(b['total']) - Number(a['total']));
      expect(ids(api.collected)).toEqual(ids(wanted));
      expect(result.records_dropped).toBe(95 - wanted.length);
      expect(log.map(({ msg }) => msg)).toContain(`${wanted.length} customers of 95 orders`);
    },
    '46-database-input.yaml': ({ api, result }) => {
      expect(ids(api.collected)).toEqual(upTo(95).filter((id) => id % 2 === 1 && id >= 29));
      expect(api.collected[0]).toEqual({
        id: 29,
        customer: 'ada 29',
        name: 'ADA 29',
        total: 101.5,
      });
      expect(result.records_read).toBe(34);
    },
    '50-incremental-input.yaml': async (run) => {
      allOrders(run);
      using database = new DatabaseSync(path.join(run.folder, 'shop.db'));
      // A microsecond after the last one, and one that is older than it.
      database.exec(`
        UPDATE orders SET updated_at = '2026-01-01T00:01:35.000001Z' WHERE id = 7;
        UPDATE orders SET updated_at = '2025-12-31T00:00:00.000000Z' WHERE id = 8;
      `);
      const before = run.api.collected.length;

      const second = await run.again();

      expect(ids(run.api.collected.slice(before))).toEqual([7]);
      expect(second.result.checkpoint).toEqual({ timestamp: '2026-01-01T00:01:35.000001Z' });
    },
    '47-sql-call-merge.yaml': (run) => {
      allOrders(run);
      for (const { customer, tier } of run.api.collected) {
        const id = Number((customer as JsonRecord)['id']);
        const known = id % 2 === 0 ? 'gold' : 'plain';
        expect(tier).toBe(id <= 30 ? known : undefined);
      }
    },
    '48-sql-call-append.yaml': (run) => {
      allOrders(run);
      for (const { customer, buyer } of run.api.collected) {
        const id = Number((customer as JsonRecord)['id']);
        const tier = id % 2 === 0 ? 'gold' : 'plain';
        const seller = id % 3 === 0 ? 'Emmy' : null;
        expect(buyer).toEqual(id <= 30 ? { id, tier, discount: id / 100, seller } : {});
      }
    },
    '49-sql-call-cache.yaml': (run) => {
      allOrders(run);
      const buyers = rowsIn(run, 'SELECT id, number, asked FROM buyers ORDER BY number');
      expect(buyers.map(({ number, asked }) => [number, asked])).toEqual(
        upTo(40).map((number) => [number, 1]),
      );
      const idOf = new Map(buyers.map(({ id, number }) => [number, id]));
      for (const { customer, buyerId } of run.api.collected) {
        expect(buyerId).toBe(idOf.get(Number((customer as JsonRecord)['id'])));
      }
    },
    '51-transactional-output.yaml': async (run) => {
      const all = 'SELECT count(*) AS orders, sum(paid) AS paid, max(total) AS most FROM orders';
      expect(rowsIn(run, all)).toEqual([{ orders: 95, paid: 31, most: 494.8 }]);
      for (const order of run.api.data['orders'] ?? []) order['total'] = 1;

      await run.again();

      expect(rowsIn(run, all)).toEqual([{ orders: 95, paid: 31, most: 1 }]);
    },
    '52-bulk-upsert.yaml': async (run) => {
      const second = 'SELECT * FROM orders WHERE id = 2';
      expect(rowsIn(run, second)).toEqual([
        {
          id: 2,
          customer: 'Alan',
          status: 'cancelled',
          total: 24.74,
          lines: expect.stringContaining('"sku":"SKU-2-1"') as string,
          updated_at: '2026-01-01T02:00:00.000Z',
        },
      ]);
      Object.assign(run.api.data['orders']?.[1] ?? {}, { status: 'paid' });

      await run.again();

      expect(rowsIn(run, second)).toMatchObject([{ status: 'paid' }]);
      expect(rowsIn(run, 'SELECT count(*) AS orders FROM orders')).toEqual([{ orders: 95 }]);
    },
    '53-exactly-once.yaml': async (run) => {
      const orders = 'SELECT count(*) AS orders, count(DISTINCT id) AS different FROM orders';
      expect(rowsIn(run, orders)).toEqual([{ orders: 95, different: 95 }]);
      expect(rowsIn(run, 'SELECT * FROM cannectors_checkpoint')).toEqual([
        { pipeline: 'exactly-once', checkpoint: '{"offset":95}', previous: '{"offset":95}' },
      ]);
      run.api.data['orders']?.push({ ...run.api.data['orders'][0], id: 96 });

      const again = await run.again();

      expect(again.result).toMatchObject({ status: 'success', records_written: 1 });
      expect(rowsIn(run, orders)).toEqual([{ orders: 96, different: 96 }]);
    },
  },
});
