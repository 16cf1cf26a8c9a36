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
export async function serve(answer: Answer, certificate?: Certificate): Promise<Served> {
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
  const server =
    certificate === undefined
      ? http.createServer(listener)
      : https.createServer(filesOf(certificate), listener);
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http${certificate === undefined ? '' : 's'}://127.0.0.1:${port}`, port, seen };
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

/** `self-signed` is for this host until 2120, `other-host` for another, `expired` ended in 2020. */
type Certificate = 'self-signed' | 'other-host' | 'expired';

export function filesOf(certificate: Certificate): { key: Buffer; cert: Buffer } {
  const read = (what: string) =>
    readFileSync(new URL(`fixtures/${certificate}.${what}.pem`, import.meta.url));
  return { key: read('key'), cert: read('cert') };
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
