import {
  appendFileSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type Chunk, Fault, type Outcome } from '@cannectors/core';
import { type FakeContext, fakeContext } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import { deliveryIds } from '../src/delivery-ids.ts';
import { delivered, receiving, said, soon } from './receiving.ts';

const ok = '{"status":"ok"}';
const none = { written: 0, dropped: 0, failed: 1, deadLettered: 0 };
const failed = (category: 'validation' | 'network', more = {}): Outcome => ({
  delivered: false,
  fault: new Fault('test.failed', 'It failed.', { category, ...more }),
  counts: none,
});

/** Settles nothing until it is told to. */
function held() {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    fate: async (chunk: Chunk): Promise<Outcome> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      await promise;
      return delivered(chunk);
    },
  };
}

function spoolOf(context: FakeContext): string {
  return path.join(context.storage, 'test.webhook');
}

/** The files that hold deliveries, oldest first. */
function filesIn(context: FakeContext): string[] {
  return readdirSync(spoolOf(context))
    .filter((name) => name.endsWith('.spool'))
    .toSorted();
}

/** The same state folder, as the next process finds it. */
function next(context: FakeContext): FakeContext {
  return { ...fakeContext(), storage: context.storage };
}

describe('a queue', () => {
  it('answers 202 when a delivery is stored, though nobody takes it', async () => {
    const { fate, waiting } = held();
    const hook = await receiving({ queueSize: 10 }, fate);

    const answers = await Promise.all([1, 2, 3].map((id) => said(hook.post(`{"id":${id}}`))));

    expect(answers).toEqual([
      [202, ok],
      [202, ok],
      [202, ok],
    ]);
    await soon(() => waiting.length === 1);
    expect(hook.records).toHaveLength(1);
  });

  it('takes no more than its size', async () => {
    const { fate, waiting } = held();
    const hook = await receiving({ queueSize: 2 }, fate);
    await hook.post('{"id":0}');
    await soon(() => waiting.length === 1);

    const answers = [];
    for (const id of [1, 2, 3]) answers.push(await hook.post(`{"id":${id}}`));

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
    expect(answers[2]?.headers.get('retry-after')).toBe('1');
    expect(await answers[2]?.text()).toBe('Queue full\n');
  });

  it('hands over in order, as many at once as it may', async () => {
    const { fate, waiting } = held();
    const hook = await receiving({ queueSize: 100, maxConcurrent: 3 }, fate);
    for (let id = 0; id < 7; id++) await hook.post(`{"id":${id}}`);

    await soon(() => waiting.length === 3);
    waiting[1]?.();
    await soon(() => waiting.length === 4);
    waiting.forEach((release) => release());
    await soon(() => waiting.length === 7);

    expect(hook.records.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('waits an outage out, and keeps the order', async () => {
    let calls = 0;
    const hook = await receiving({ queueSize: 100 }, (chunk) =>
      ++calls < 3 ? failed('network', { retry: 1 }) : delivered(chunk),
    );

    await hook.post('{"id":1}');
    await hook.post('{"id":2}');
    await soon(() => calls === 4);

    expect(hook.records.map(({ id }) => id)).toEqual([1, 1, 1, 2]);
    const ids = hook.chunks.map(({ items }) => items[0]?.meta.id);
    expect(new Set(ids).size).toBe(2);
    expect(
      hook.context.lines.filter(({ message }) => message === 'delivery is tried again'),
    ).toHaveLength(2);
  });

  it('gives up what fails by its records, offers it to the dead letters, and goes on', async () => {
    const hook = await receiving({ queueSize: 100 }, (chunk) =>
      chunk.items.some(({ record }) => record['id'] === 1) || chunk.unreadable !== undefined
        ? failed('validation')
        : delivered(chunk),
    );

    await hook.post('{"id":1, "x":"é"}');
    await hook.post('{"id":2}');
    await soon(() => hook.records.some(({ id }) => id === 2));

    expect(hook.chunks.map(({ unreadable }) => unreadable?.[0]?.raw)).toEqual([
      undefined,
      '{"id":1, "x":"é"}',
      undefined,
    ]);
    expect(hook.context.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'webhook handler returned error', fields: { error_code: 'test.failed' } },
    ]);
  });

  it('is drained by a stop', async () => {
    const hook = await receiving({ queueSize: 100 }, async (chunk) => {
      await new Promise(setImmediate);
      return delivered(chunk);
    });
    await Promise.all(Array.from({ length: 20 }, (_, id) => hook.post(`{"id":${id}}`)));

    await hook.stop();

    expect(hook.records).toHaveLength(20);
    expect((await hook.post('{}')).status).toBe(503);
  });

  it('takes deliveries while the pipeline is paused, unless it is told not to', async () => {
    const open = await receiving({ queueSize: 10 });
    const shut = await receiving({
      queueSize: 10,
      queue: { durable: true, acceptWhilePaused: false },
    });
    for (const { input } of [open, shut]) input.paused?.(true);

    expect((await open.post('{}')).status).toBe(202);
    expect((await shut.post('{}')).status).toBe(503);
  });

  it('in memory loses what is left, and says so', async () => {
    const { fate } = held();
    const hook = await receiving(
      { queueSize: 10, queue: { durable: false, acceptWhilePaused: true } },
      fate,
    );
    for (const id of [1, 2, 3]) await hook.post(`{"id":${id}}`);

    await hook.input.close?.();

    expect(hook.context.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('at most once') }),
    );
    expect(hook.context.lines).toContainEqual({
      level: 'error',
      message: 'deliveries are lost with the queue',
      fields: { deliveries: 3 },
    });
  });
});

describe('a durable queue', () => {
  it('gives the next process what was not done, and nothing else', async () => {
    const { fate, waiting } = held();
    const hook = await receiving({ queueSize: 100 }, fate);
    for (let id = 0; id < 5; id++) await hook.post(`{"id":${id},"big":12345678901234567890}`);
    await soon(() => waiting.length === 1);
    waiting[0]?.();
    await soon(() => waiting.length === 2);
    await hook.close();

    const again = await receiving({ queueSize: 100 }, delivered, next(hook.context));
    await soon(() => again.records.length === 4);
    await again.close();
    const third = await receiving({ queueSize: 100 }, delivered, next(hook.context));
    await third.close();

    expect(again.records).toEqual(
      [1, 2, 3, 4].map((id) => ({ id, big: 12_345_678_901_234_567_890n })),
    );
    expect(again.chunks[0]?.items[0]?.meta.id).toBe(hook.chunks[1]?.items[0]?.meta.id);
    expect(third.records).toEqual([]);
    expect(filesIn(hook.context)).toHaveLength(1);
  });

  it('keeps bodies that are larger than its memory', async () => {
    const { fate, waiting } = held();
    const hook = await receiving({ queueSize: 100 }, fate);
    const text = 'x'.repeat(3_000_000);
    for (let id = 0; id < 8; id++) await hook.post(`{"id":${id},"text":"${text}"}`);
    expect(filesIn(hook.context).length).toBeGreaterThan(1);

    for (let id = 0; id < 8; id++) {
      await soon(() => waiting.length === id + 1);
      waiting[id]?.();
    }
    await soon(() => filesIn(hook.context).length === 1);

    expect(hook.records.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(hook.records.every((record) => record['text'] === text)).toBe(true);
  });

  it('passes over what was not written to its end', async () => {
    const { fate } = held();
    const hook = await receiving({ queueSize: 100 }, fate);
    for (const id of [1, 2, 3]) await hook.post(`{"id":${id}}`);
    await hook.close();
    const file = path.join(spoolOf(hook.context), filesIn(hook.context)[0] ?? '');
    truncateSync(file, statSync(file).size - 3);

    const again = await receiving({ queueSize: 100 }, delivered, next(hook.context));
    await soon(() => again.records.length === 2);

    expect(again.records.map(({ id }) => id)).toEqual([1, 2]);
    expect(again.context.lines.map(({ message }) => message)).toContain(
      'unfinished line in the queue',
    );
  });

  it('refuses to start on a file that is damaged', async () => {
    const { fate } = held();
    const hook = await receiving({ queueSize: 100 }, fate);
    for (const id of [1, 2, 3]) await hook.post(`{"id":${id}}`);
    await hook.close();
    const file = path.join(spoolOf(hook.context), filesIn(hook.context)[0] ?? '');
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(30) ^ 1, 30);
    writeFileSync(file, bytes);

    await expect(
      receiving({ queueSize: 100 }, delivered, next(hook.context)),
    ).rejects.toMatchObject({ code: 'webhook.spool-damaged' });
  });

  it('refuses to start in a folder that is none', async () => {
    const context = fakeContext();
    const storagePath = path.join(import.meta.filename, 'x');

    await expect(
      receiving(
        { queueSize: 1, queue: { durable: true, acceptWhilePaused: true, storagePath } },
        delivered,
        context,
      ),
    ).rejects.toMatchObject({ code: 'webhook.spool-failed' });
  });

  it('says when a stored delivery is not readable any more', async () => {
    const { fate } = held();
    const hook = await receiving({ queueSize: 10 }, fate);
    await hook.post('{"id":1}');
    await hook.close();

    const again = await receiving(
      { queueSize: 10, dataField: 'list' },
      delivered,
      next(hook.context),
    );
    await soon(() => again.chunks.length === 1);

    expect(again.chunks[0]?.unreadable).toMatchObject([
      { raw: '{"id":1}', fault: { code: 'webhook.no-longer-readable' } },
    ]);
  });
});

describe('a delivery id', () => {
  const config = { deliveryIdHeader: 'Webhook-Id' };
  const id = (value: string): Record<string, string> => ({ 'webhook-id': value });

  it('that was delivered starts nothing, also in the next process', async () => {
    const hook = await receiving(config);
    const first = [
      await said(hook.post('{"id":1}', id('a'))),
      await said(hook.post('{"id":1}', id('a'))),
    ];
    await hook.close();
    const again = await receiving(config, delivered, next(hook.context));

    const second = await said(again.post('{"id":1}', id('a')));

    expect([...first, second]).toEqual([
      [200, ok],
      [200, ok],
      [200, ok],
    ]);
    expect([hook.records.length, again.records.length]).toEqual([1, 0]);
  });

  it('that failed starts again', async () => {
    let calls = 0;
    const hook = await receiving(config, (chunk) =>
      ++calls === 1 ? failed('network') : delivered(chunk),
    );

    const answers = [await hook.post('{}', id('a')), await hook.post('{}', id('a'))];

    expect(answers.map(({ status }) => status)).toEqual([500, 200]);
    expect(calls).toBe(2);
  });

  it('that is under way gets the answer of the first', async () => {
    const { fate, waiting } = held();
    const hook = await receiving(config, fate);

    const answers = [hook.post('{}', id('a')), hook.post('{}', id('a'))].map(said);
    await soon(() => waiting.length === 1);
    await hook.post('none', id('b'));
    waiting[0]?.();

    expect(await Promise.all(answers)).toEqual([
      [200, ok],
      [200, ok],
    ]);
    expect(hook.chunks).toHaveLength(1);
  });

  it('of a delivery that was given up is forgotten', async () => {
    const hook = await receiving({ ...config, queueSize: 10 }, () => failed('validation'));

    await hook.post('{}', id('a'));
    await soon(() => hook.chunks.length === 2);
    await hook.post('{}', id('a'));
    await soon(() => hook.chunks.length === 4);

    expect(hook.chunks.map(({ unreadable }) => unreadable === undefined)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('belongs to its endpoint', async () => {
    const endpoints = ['a', 'b'].map((name) => ({ name, path: `/${name}` }));
    const hook = await receiving({ ...config, endpoints });

    for (const to of ['/a', '/b', '/a']) {
      await fetch(hook.url + to, { method: 'POST', body: '{}', headers: id('1') });
    }

    expect(hook.records).toHaveLength(2);
  });

  it('is kept in a file that does not grow without end, and survives a torn line', async () => {
    const folder = spoolOf(fakeContext());
    const ids = deliveryIds(folder);
    await ids.open();
    await Promise.all(Array.from({ length: 1000 }, (_, at) => ids.remember(`k${at % 10}`)));
    ids.forget('k3');
    await ids.close();
    const file = path.join(folder, 'delivery-ids.log');
    const before = statSync(file).size;
    appendFileSync(file, 'half of a');

    const again = deliveryIds(folder);
    await again.open();
    const known = ['k1', 'k3', 'k9', 'k10'].map((key) => again.has(key));
    await again.close();

    expect(known).toEqual([true, false, true, false]);
    expect(statSync(file).size).toBeLessThan(before / 10);
  });
});
