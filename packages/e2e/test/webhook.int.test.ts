import { createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Answer, api } from '../src/api.ts';
import { type Running, start } from '../src/command.ts';
import { waitFor } from '../src/wait-for.ts';
import { type Workspace, workspace } from '../src/workspace.ts';

/** A destination that remembers the ids that it got, and the process that delivers to it. */
async function world(
  input: Readonly<Record<string, unknown>>,
  answer: (ids: number[]) => Answer | Promise<Answer> = () => ({}),
  more: Readonly<Record<string, unknown>> = {},
) {
  const received: number[] = [];
  const { url } = await api(async ({ body }) => {
    const ids = (JSON.parse(body) as { id: number }[]).map(({ id }) => id);
    const given = await answer(ids);
    if ((given.status ?? 200) < 300) received.push(...ids);
    return given;
  });
  const place = workspace({
    'hook.json': {
      name: 'hook',
      input: { type: 'webhook', path: '/in', listenAddress: '127.0.0.1:0', ...input },
      output: { type: 'httpRequest', endpoint: url, concurrency: 8, retry: { maxAttempts: 0 } },
      ...more,
    },
  });
  return { received, place };
}

interface Hook {
  readonly run: Running;
  readonly url: string;
}

async function listening(place: Workspace): Promise<Hook> {
  const run = start(['run', 'hook.json'], place);
  await run.says('webhook server started');
  const [, address = ''] = /"address":"([^"]+)"/.exec(run.stdout()) ?? [];
  return { run, url: `http://${address}/in` };
}

/** The status of the answer; 0 if there was none. */
async function post(
  { url }: Hook,
  id: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  try {
    const body = JSON.stringify({ id });
    const response = await fetch(url, { method: 'POST', body, headers });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

/** Sends ids from `from` on over eight connections until nobody answers; gives those answered well. */
async function sendUntilDead(hook: Hook, from: number): Promise<number[]> {
  const accepted: number[] = [];
  let next = from;
  const lane = async (): Promise<void> => {
    for (;;) {
      const id = next++;
      const status = await post(hook, id);
      if (status === 0) return;
      if (status < 300) accepted.push(id);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return accepted;
}

function repeats(ids: readonly number[]): number {
  return ids.length - new Set(ids).size;
}

describe('kill -9', () => {
  it('loses nothing of a queue that was answered, and repeats at most what was in work', async () => {
    const maxConcurrent = 3;
    const { place, received } = await world({ queueSize: 100_000, maxConcurrent });
    const accepted: number[] = [];
    let from = 0;
    for (const moment of [1, 40, 170]) {
      const hook = await listening(place);
      const before = received.length;
      const sending = sendUntilDead(hook, from);
      await waitFor(
        () => received.length >= before + moment,
        () => `${moment} deliveries`,
      );
      hook.run.signal('SIGKILL');
      await hook.run.ended;
      accepted.push(...(await sending));
      from += 100_000;
    }

    const last = await listening(place);
    const missing = (): number[] => accepted.filter((id) => !received.includes(id));
    await waitFor(
      () => missing().length === 0,
      () => `${missing().length} of ${accepted.length}`,
    );
    last.run.signal('SIGTERM');
    const { code } = await last.run.ended;

    expect(code).toBe(0);
    expect(repeats(received)).toBeLessThanOrEqual(3 * (maxConcurrent + 16));
  });

  it('loses nothing that was answered without a queue', async () => {
    const { place, received } = await world({});
    const hook = await listening(place);
    const sending = sendUntilDead(hook, 0);
    await waitFor(
      () => received.length >= 50,
      () => 'fifty deliveries',
    );

    hook.run.signal('SIGKILL');
    const accepted = await sending;

    expect(accepted.length).toBeGreaterThan(0);
    expect(accepted.filter((id) => !received.includes(id))).toEqual([]);
    expect(repeats(received)).toBe(0);
  });

  it('after the destination accepted and before the answer: the repeat is delivered again', async () => {
    let kill = (): void => undefined;
    const { place, received } = await world({ deliveryIdHeader: 'Webhook-Id' }, () => {
      kill();
      return {};
    });
    const first = await listening(place);
    kill = () => first.run.signal('SIGKILL');
    const before = await post(first, 1, { 'Webhook-Id': 'a' });
    await first.run.ended;
    kill = () => undefined;

    const second = await listening(place);
    const after = [
      await post(second, 1, { 'Webhook-Id': 'a' }),
      await post(second, 1, { 'Webhook-Id': 'a' }),
    ];
    second.run.signal('SIGKILL');
    await second.run.ended;
    const third = await listening(place);
    const recognised = await post(third, 1, { 'Webhook-Id': 'a' });
    third.run.signal('SIGTERM');
    await third.run.ended;

    expect(before).toBe(0);
    expect([...after, recognised]).toEqual([200, 200, 200]);
    expect(received).toEqual([1, 1]);
  });
});

describe('a stop', () => {
  it('answers what is under way, and drains the queue', async () => {
    const go = Promise.withResolvers<void>();
    const slow = async (): Promise<Answer> => {
      await go.promise;
      return {};
    };
    const direct = await world({}, slow);
    const queued = await world({ queueSize: 10 }, slow);
    const hooks = [await listening(direct.place), await listening(queued.place)];
    const waiting = post(hooks[0] as Hook, 1);
    const stored = [1, 2, 3].map((id) => post(hooks[1] as Hook, id));
    await Promise.all(stored);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });

    for (const { run } of hooks) run.signal('SIGTERM');
    await Promise.all(hooks.map(({ run }) => run.says('stopping')));
    go.resolve();
    const ends = await Promise.all(hooks.map(({ run }) => run.ended));

    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(await waiting).toBe(200);
    expect([direct.received, queued.received]).toEqual([[1], [1, 2, 3]]);
  });

  it('in an outage keeps the queue for the next start', async () => {
    let isDown = true;
    const { place, received } = await world({ queueSize: 10 }, () =>
      isDown ? { status: 503 } : {},
    );
    const first = await listening(place);
    for (const id of [1, 2, 3]) expect(await post(first, id)).toBe(202);
    await first.run.says('delivery is tried again');

    first.run.signal('SIGTERM');
    const { code, stdout } = await first.run.ended;
    isDown = false;
    const second = await listening(place);
    await waitFor(
      () => received.length === 3,
      () => 'three deliveries',
    );
    second.run.signal('SIGTERM');
    await second.run.ended;

    expect(code).toBe(0);
    expect(stdout).toContain('"deliveries stay in the queue"');
    expect(received).toEqual([1, 2, 3]);
  });
});

it('requests run side by side, as many as the output has connections', async () => {
  const second = Promise.withResolvers<void>();
  const { place, received } = await world({}, async ([id]) => {
    if (id === 2) second.resolve();
    await second.promise;
    return {};
  });
  const hook = await listening(place);

  const first = post(hook, 1);
  const statuses = [await post(hook, 2), await first];
  hook.run.signal('SIGTERM');
  await hook.run.ended;

  expect(statuses).toEqual([200, 200]);
  expect(new Set(received)).toEqual(new Set([1, 2]));
});

describe('failures', () => {
  it('of one delivery touch no other', async () => {
    const { place, received } = await world({}, ([id]) => {
      if (id === 1) return { status: 422 };
      return { status: id === 2 ? 500 : 200 };
    });
    const hook = await listening(place);

    const statuses = await Promise.all([1, 2, 3, 4].map((id) => post(hook, id)));
    hook.run.signal('SIGTERM');
    const { code, stdout } = await hook.run.ended;

    expect(statuses).toEqual([422, 500, 200, 200]);
    expect(new Set(received)).toEqual(new Set([3, 4]));
    expect(code).toBe(0);
    expect(stdout.match(/"execution completed"/g)).toHaveLength(1);
  });

  it('of queued deliveries go to the dead letters, if the input says so', async () => {
    const { place, received } = await world(
      { queueSize: 10, onError: 'dlq' },
      ([id]) => ({ status: id === 1 ? 422 : 200 }),
      { deadLetter: {} },
    );
    const hook = await listening(place);
    for (const id of [1, 2]) await post(hook, id);
    await waitFor(
      () => received.includes(2),
      () => 'the second delivery',
    );
    hook.run.signal('SIGTERM');
    const { code } = await hook.run.ended;

    const [file = ''] = readdirSync(place.path('.cannectors-state')).filter((name) =>
      name.endsWith('dead-letters.ndjson'),
    );
    expect(code).toBe(0);
    expect(place.records(`.cannectors-state/${file}`)).toMatchObject([
      { stage: 'input', raw: '{"id":1}' },
    ]);
  });
});

it('tells no secret: not in the log, not in an answer', async () => {
  const secret = 'hush-hush-0123456789';
  const place = workspace({
    'hook.json': {
      name: 'hook',
      input: {
        type: 'webhook',
        path: '/in',
        listenAddress: '127.0.0.1:0',
        signature: { type: 'hmac-sha256', secret: '${SECRET}' },
        authentication: { type: 'bearer', credentials: { token: '${SECRET}' } },
      },
      output: { type: 'file', path: 'out.ndjson' },
    },
  });
  const run = start(['run', '--verbose', 'hook.json'], { ...place, env: { SECRET: secret } });
  await run.says('webhook server started');
  const [, address = ''] = /"address":"([^"]+)"/.exec(run.stdout()) ?? [];
  const hook = { run, url: `http://${address}/in` };
  const signature = createHmac('sha256', secret).update('{"id":1}').digest('hex');
  const authorization = `Bearer ${secret}`;

  const statuses = [
    await post(hook, 1),
    await post(hook, 1, { authorization }),
    await post(hook, 1, { authorization, 'x-hub-signature-256': signature }),
  ];
  run.signal('SIGTERM');
  const { stdout, stderr } = await run.ended;

  expect(statuses).toEqual([401, 401, 200]);
  expect(stdout + stderr).not.toContain(secret);
});
