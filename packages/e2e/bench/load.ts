import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A thousand bytes of JSON, as a shop would send them. */
export const delivery = JSON.stringify({
  id: 'evt_0123456789',
  type: 'order.paid',
  createdAt: '2026-01-31T12:34:56.789Z',
  order: {
    id: 4821,
    status: 'paid',
    total: 129.9,
    customer: { id: 77, name: 'Ada Lovelace', email: 'ada@example.com', country: 'GB' },
    lines: Array.from({ length: 8 }, (_, index) => ({
      sku: `SKU-${4000 + index}`,
      name: `Teapot, size ${index}`,
      quantity: 1 + (index % 3),
      price: 12.5 + index,
    })),
  },
  note: 'x'.repeat(184),
});

/** Waits until somebody listens, then sends deliveries over 64 connections, one at a time on each. */
export async function load(port: number, path: string, requests: number): Promise<void> {
  const bytes = Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(delivery)}\r\n\r\n${delivery}`,
  );
  while (!(await listens(port))) await wait(5);
  let left = requests;
  const lane = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const next = (): void => {
        if (left-- > 0) socket.write(bytes);
        else socket.destroy();
      };
      // An answer is small and comes whole, and each is waited for.
      socket.on('data', (answer) => {
        if (answer.toString('latin1', 9, 10) === '2') next();
        else socket.destroy(new Error(answer.toString()));
      });
      socket.on('connect', next).on('error', reject).on('close', resolve);
    });
  await Promise.all(Array.from({ length: 64 }, lane));
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
