import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Networks that are not the public internet: this host, private and link-local ones, cloud metadata. */
const networks: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
];

const reserved = new BlockList();
for (const [network, prefix] of networks) {
  reserved.addSubnet(network, prefix, isIPv4(network) ? 'ipv4' : 'ipv6');
}

/**
 * Tells whether an IP address is one that data may not lead to: loopback, private, link-local,
 * metadata, multicast, documentation.
 *
 * An IPv6 address that carries an IPv4 address (mapped, translated, NAT64, 6to4) counts as that one.
 * A text that is no IP address is `false`: it has to be resolved first.
 *
 * @see RFC 6890, and spec/security.md, S7
 */
export function isReserved(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  if (isIPv4(plain)) return reserved.check(plain, 'ipv4');
  if (!isIPv6(plain)) return false;
  const embedded = embeddedIPv4(groupsOf(plain));
  return reserved.check(embedded ?? plain, embedded === undefined ? 'ipv6' : 'ipv4');
}

/** The eight 16-bit groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser gives the shortest form, in which an IPv4 tail has become two groups.
  const { hostname } = new URL(`http://[${address}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}

function embeddedIPv4(groups: readonly number[]): string | undefined {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  const isZero = (...some: number[]): boolean => some.every((group) => group === 0);
  if (a === 0x2002) return dotted(b, c);
  const isNat64 = a === 0x64 && b === 0xff9b && isZero(c, d, e, f);
  const isMapped = isZero(a, b, c, d, e) && f === 0xffff;
  const isTranslated = isZero(a, b, c, d) && e === 0xffff && f === 0;
  return isNat64 || isMapped || isTranslated ? dotted(g, h) : undefined;
}

function dotted(high: number, low: number): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
