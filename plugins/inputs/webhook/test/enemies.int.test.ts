import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import { delivered, receiving, said, soon } from './receiving.ts';

/** A connection on which anything may be said. */
function raw(port: number): { socket: Socket; heard: () => string; isClosed: () => boolean } {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  let isClosed = false;
  socket.on('data', (bytes) => (heard += bytes.toString()));
  socket.on('error', () => undefined).on('close', () => (isClosed = true));
  onTestFinished(() => void socket.destroy());
  return { socket, heard: () => heard, isClosed: () => isClosed };
}

function request(body: string, more = ''): string {
  return `POST /in HTTP/1.1\r\nHost: x\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const ok = '{"status":"ok"}';

describe('a sender that is slow', () => {
  it('with the head is cut off, and the others are served', async () => {
    const hook = await receiving({ requestTimeoutMs: 300 });
    const slow = Array.from({ length: 20 }, () => raw(hook.port));
    for (const { socket } of slow) socket.write('POST /in HTTP/1.1\r\nHost: x\r\nX-A');

    expect(await said(hook.post('{"id":1}'))).toEqual([200, ok]);
    await soon(() => slow.every(({ isClosed }) => isClosed()));

    expect(slow[0]?.heard()).toMatch(/^(HTTP\/1.1 408|$)/);
    expect(await said(hook.post('{"id":2}'))).toEqual([200, ok]);
  });

  it('with the body is refused in time', async () => {
    const hook = await receiving({ requestTimeoutMs: 200 });
    const slow = raw(hook.port);
    slow.socket.write('POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{');
    const drip = setInterval(() => slow.socket.write(' '), 20);
    onTestFinished(() => clearInterval(drip));

    await soon(() => slow.heard().includes('Failed to read request body'));
    await soon(() => slow.isClosed());

    expect(slow.heard()).toMatch(/^HTTP\/1.1 400 /);
    expect(hook.records).toEqual([]);
    expect(await said(hook.post('{"id":1}'))).toEqual([200, ok]);
  });
});

describe('a body that is too large', () => {
  it('is refused before it is sent, if it says so', async () => {
    const hook = await receiving({ maxBodyBytes: 100 });
    const sender = raw(hook.port);

    sender.socket.write('POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n');

    await soon(() => sender.heard().includes('Payload too large'));
    expect(sender.heard()).toMatch(/^HTTP\/1.1 413 /);
  });

  it('is refused as soon as it is', async () => {
    const hook = await receiving({ maxBodyBytes: 100 });
    const sender = raw(hook.port);
    sender.socket.write('POST /in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    const part = `1000\r\n${'x'.repeat(4096)}\r\n`;
    const flood = setInterval(() => sender.socket.write(part), 5);
    onTestFinished(() => clearInterval(flood));

    await soon(() => sender.heard().includes('Payload too large'));
    await soon(() => sender.isClosed());

    expect(hook.records).toEqual([]);
    expect(await said(hook.post('{"id":1}'))).toEqual([200, ok]);
  });

  it('of exactly the limit is taken', async () => {
    const body = JSON.stringify({ x: 'é'.repeat(45) });
    const hook = await receiving({ maxBodyBytes: Buffer.byteLength(body) });

    expect(await said(hook.post(body))).toEqual([200, ok]);
    expect((await said(hook.post(`${body} `)))[0]).toBe(413);
  });
});

describe('a connection', () => {
  it('may carry many requests at once: each is answered, in order', async () => {
    const hook = await receiving();
    const sender = raw(hook.port);

    sender.socket.write(
      [request('{"id":1}'), request('none'), request('{"id":2}'), request('')].join(''),
    );

    await soon(() => sender.heard().split('HTTP/1.1 ').length === 5);
    const statuses = [...sender.heard().matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual(['200', '400', '200', '400']);
    expect(hook.records).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('that says no HTTP is ended', async () => {
    const hook = await receiving();
    const sender = raw(hook.port);

    sender.socket.write('\u0016\u0003\u0001 hello\r\n\r\n');

    await soon(() => sender.isClosed());
    expect(await said(hook.post('{"id":1}'))).toEqual([200, ok]);
  });

  it('that says its length twice is ended', async () => {
    const hook = await receiving();
    const sender = raw(hook.port);

    sender.socket.write(request('{"id":1}', 'Transfer-Encoding: chunked\r\n'));

    await soon(() => sender.isClosed());
    expect(hook.records).toEqual([]);
  });

  it('that ends in the middle of a body starts nothing', async () => {
    const hook = await receiving();
    const sender = raw(hook.port);
    sender.socket.write('POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{"id":1}');

    sender.socket.end();

    await soon(() => sender.isClosed());
    expect(await said(hook.post('{"id":2}'))).toEqual([200, ok]);
    expect(hook.records).toEqual([{ id: 2 }]);
  });

  it('that is gone before the answer changes nothing: the delivery goes on', async () => {
    const settle = Promise.withResolvers<void>();
    const hook = await receiving({}, async (chunk) => {
      await settle.promise;
      return delivered(chunk);
    });
    const sender = raw(hook.port);
    sender.socket.write(request('{"id":1}'));
    await soon(() => hook.chunks.length === 1);

    sender.socket.destroy();
    await soon(() => sender.isClosed());
    settle.resolve();

    await soon(() => hook.context.lines.some(({ message }) => message.endsWith('committed')));
    expect(await said(hook.post('{"id":2}'))).toEqual([200, ok]);
  });
});

it('a flood of refused requests fills no log', async () => {
  const hook = await receiving();

  await Promise.all(Array.from({ length: 200 }, () => hook.post('none')));

  const lines = hook.context.lines.filter(({ level }) => level === 'error');
  expect(lines.length).toBeLessThan(20);
});

describe('several pipelines', () => {
  it('share a listener where the address is the same, until the last one leaves', async () => {
    const listenAddress = `127.0.0.1:${await freePort()}`;
    const first = await receiving({ path: '/a', listenAddress });
    const second = await receiving({ path: '/b', listenAddress });

    const both = [await said(first.post('{"id":1}')), await said(second.post('{"id":2}'))];
    await first.close();
    const left = await said(second.post('{"id":3}'));
    const gone = await said(first.post('{"id":4}'));
    await second.close();

    expect(both).toEqual([
      [200, ok],
      [200, ok],
    ]);
    expect(left).toEqual([200, ok]);
    expect(gone).toEqual([404, 'Not found']);
    expect([first.records, second.records]).toEqual([[{ id: 1 }], [{ id: 2 }, { id: 3 }]]);
    await expect(second.post('{}')).rejects.toThrow('fetch failed');
  });

  it('cannot have the same path', async () => {
    const listenAddress = `127.0.0.1:${await freePort()}`;
    const first = await receiving({ path: '/a', listenAddress });

    await expect(receiving({ path: '/a', listenAddress })).rejects.toMatchObject({
      code: 'webhook.path-taken',
    });

    expect(await said(first.post('{"id":1}'))).toEqual([200, ok]);
  });

  it('that stop and start again find their address free', async () => {
    const listenAddress = `127.0.0.1:${await freePort()}`;
    for (let round = 0; round < 3; round++) {
      const hook = await receiving({ listenAddress });
      expect(await said(hook.post('{"id":1}'))).toEqual([200, ok]);
      await hook.close();
    }
  });
});

it('a port that is taken is a fault with the address', async () => {
  const { createServer } = await import('node:http');
  const other = createServer();
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;

  await expect(receiving({ listenAddress: `127.0.0.1:${port}` })).rejects.toMatchObject({
    code: 'webhook.listen-failed',
    message: `failed to start webhook server: \`127.0.0.1:${port}\` answers EADDRINUSE.`,
  });
});
