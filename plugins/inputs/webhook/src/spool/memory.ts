import { spoolFull } from '../faults.ts';
import type { Entry, Store } from './entry.ts';

const maxBytes = 64 * 1024 * 1024;

/** Keeps deliveries as long as the process lives. */
export function memory(): Store {
  const bodies = new Map<number, Buffer>();
  let next = 1;
  let held = 0;

  return {
    isDurable: false,
    open: () => Promise.resolve([]),
    add(facts, body) {
      if (held + body.length > maxBytes) return Promise.reject(spoolFull(maxBytes));
      const entry: Entry = { sequence: next++, facts, bytes: body.length };
      bodies.set(entry.sequence, body);
      held += body.length;
      return Promise.resolve(entry);
    },
    bodyOf({ sequence }) {
      const body = bodies.get(sequence);
      if (body === undefined) throw new TypeError(`Delivery ${sequence} is done.`);
      return Promise.resolve(body);
    },
    done({ sequence, bytes }) {
      if (bodies.delete(sequence)) held -= bytes;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
