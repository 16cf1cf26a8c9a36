import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { blockedAddress } from './faults.ts';
import { isReserved } from './reserved-address.ts';

/**
 * Resolves a name that comes from data, and gives public addresses only.
 *
 * The connection is made to what this gives, so that a name cannot have another address by then
 * (DNS rebinding).
 *
 * @see spec/security.md, S7
 */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const open = error === null ? found.filter(({ address }) => !isReserved(address)) : [];
    const [first] = open;
    if (error !== null) callback(error, []);
    else if (first === undefined) callback(blockedAddress(hostname, found[0]?.address ?? ''), []);
    else if (options.all === true) callback(null, open);
    else callback(null, first.address, first.family);
  });
};
