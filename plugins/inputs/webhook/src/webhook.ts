import path from 'node:path';
import type { Chunk, Context, Input } from '@cannectors/core';
import { budgetOf } from './budget.ts';
import type { Config } from './config.ts';
import { deliveryIds } from './delivery-ids.ts';
import { directOffice } from './direct-office.ts';
import { type Endpoint, endpointsOf } from './endpoint.ts';
import { badAddress, badDelivery, noDelivery } from './faults.ts';
import { type Seat, takeSeat } from './listener.ts';
import type { Office } from './office.ts';
import { queueOffice } from './queue-office.ts';
import { quietLog } from './quiet-log.ts';
import { reception } from './reception.ts';
import { remembering } from './remembering-office.ts';
import { memory } from './spool/memory.ts';
import { spool } from './spool/spool.ts';

/** Bodies of one webhook that are read or wait, in bytes. */
const budgetBytes = 64 * 1024 * 1024;

/** Receives deliveries over HTTP. */
export function webhook(config: Config, context: Context): Input {
  const { log, pipeline, dryRun, delivery } = context;
  const { maxBodyBytes, requestTimeoutMs } = config;
  const { host, port } = addressOf(config.listenAddress);
  const endpoints = endpointsOf(config, context);
  const budget = budgetOf(Math.max(budgetBytes, 2 * maxBodyBytes));
  const office = officeOf(config, context, endpoints, budget);
  const say = quietLog(log);
  let seat: Seat | undefined;

  const handlers = new Map(
    endpoints.map((endpoint) => [
      endpoint.path,
      reception({ endpoint, office, budget, maxBodyBytes, requestTimeoutMs, say }),
    ]),
  );

  return {
    endless: !dryRun,
    receives: true,

    async open() {
      if (dryRun) return;
      if (seat !== undefined) return;
      await office.open();
      const wish = { pipeline: pipeline.name, host, port, handlers, say };
      seat = await takeSeat({ ...wish, headTimeoutMs: requestTimeoutMs });
      for (const endpoint of endpoints) {
        log.info('webhook server started', { endpoint: endpoint.path, address: seat.address });
      }
    },

    read: ({ signal }) => (dryRun ? onlyOne(delivery, endpoints) : office.read(signal)),

    paused: (isPaused) => office.paused(isPaused),

    async close() {
      const left = seat;
      seat = undefined;
      await left?.leave();
      await office.close();
      for (const { sender } of endpoints) await sender?.close?.();
      if (left !== undefined) log.info('webhook server stopped', { address: left.address });
    },
  };
}

/** What a dry run looks at: one delivery, as if it had come to the first endpoint. */
async function* onlyOne(
  body: Uint8Array | undefined,
  [endpoint]: readonly Endpoint[],
): AsyncGenerator<Chunk, void, void> {
  const items = body && endpoint?.read(Buffer.from(body));
  if (items === undefined) throw body === undefined ? noDelivery() : badDelivery();
  yield { items, ...(endpoint?.metadata && { metadata: endpoint.metadata }) };
}

function officeOf(
  config: Config,
  context: Context,
  endpoints: readonly Endpoint[],
  budget: ReturnType<typeof budgetOf>,
): Office {
  const { queue, queueSize, maxConcurrent } = config;
  const { log, storage, pipeline } = context;
  const folder =
    queue.storagePath === undefined
      ? path.join(storage, `${encodeURIComponent(pipeline.name)}.webhook`)
      : path.resolve(queue.storagePath);
  if (queueSize !== undefined && !queue.durable) {
    log.warn('deliveries that wait are lost with the process: at most once', {
      pointer: '/queue/durable',
    });
  }
  const remembers = endpoints.some(({ deliveryIdHeader }) => deliveryIdHeader !== undefined);
  const ids = remembers ? deliveryIds(folder) : undefined;
  const office =
    queueSize === undefined
      ? directOffice(log, budget)
      : queueOffice({
          size: queueSize,
          maxConcurrent,
          acceptsWhilePaused: queue.acceptWhilePaused,
          store: queue.durable ? spool(folder, log) : memory(),
          source: pipeline.name,
          endpoints,
          log,
          onFailed: (key) => ids?.forget(key),
        });
  return ids === undefined ? office : remembering(office, ids, log);
}

function addressOf(address: string): { host: string; port: number } {
  const [, bracketed, plain = '', digits = ''] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(address) ?? [];
  const port = Number(digits);
  // `validate` sees the names of variables, not their values.
  const isKnown = !address.includes('${');
  if (isKnown && (digits === '' || port > 65_535)) throw badAddress(address);
  return { host: bracketed ?? plain, port };
}
