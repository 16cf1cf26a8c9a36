import { type ClientConfig, Connection } from 'pg';
import type { Client, Wire } from './wire.ts';

/** Milliseconds that a request to cancel may take. */
const patienceMs = 2000;

/**
 * Asks the server to cancel what a client runs. The request goes over a connection of its own, as the
 * protocol wants it, and is done when the server has closed that.
 *
 * @see PostgreSQL, section 55.2.8
 */
export function cancelRequest(config: ClientConfig): (client: Client) => Promise<void> {
  const ssl = config.ssl ?? false;

  return (client) =>
    new Promise((resolve) => {
      const connection = new Connection({ ssl }) as unknown as Wire;
      const send = (): void => connection.cancel(client.processID, client.secretKey);
      const timer = setTimeout(() => connection.stream.destroy(), patienceMs);
      connection.on('error', () => connection.stream.destroy());
      connection.on('end', () => {
        clearTimeout(timer);
        resolve();
      });
      connection.once('sslconnect', send);
      connection.once('connect', () => (ssl === false ? send() : connection.requestSsl()));
      const { host, port } = client;
      if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
      else connection.connect(port, host);
    });
}
