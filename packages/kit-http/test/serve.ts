import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a server saw of a request. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Served {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
}

type Answer = (response: http.ServerResponse, seen: Seen, count: number) => void;

/** Starts a real server on loopback, which is closed when the test is over. */
export async function serve(answer: Answer, isSecure = false): Promise<Served> {
  const seen: Seen[] = [];
  const listener: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      seen.push(one);
      answer(response, one, seen.length);
    });
  };
  const server = isSecure
    ? https.createServer(certificate(), listener)
    : http.createServer(listener);
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http${isSecure ? 's' : ''}://127.0.0.1:${port}`, port, seen };
}

/** Starts a server that writes raw bytes to every connection, once something has arrived. */
export async function serveRaw(write: (socket: net.Socket) => void): Promise<Served> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => write(socket));
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, port, seen: [] };
}

/** Self-signed for `localhost` and 127.0.0.1, until the year 2126. */
export function certificate(): { key: Buffer; cert: Buffer } {
  const read = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
  return { key: read('self-signed.key.pem'), cert: read('self-signed.cert.pem') };
}

export function json(response: http.ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
