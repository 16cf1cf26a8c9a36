import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import type { BodyLimit, Received } from './exchange.ts';
import { brokenBody, pageTooLarge } from './faults.ts';

type Decompress = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const decoders: ReadonlyMap<string, Decompress> = new Map<string, Decompress>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
]);

/**
 * Unpacks a body that the server has compressed, although nobody asked for it unless a header of the
 * pipeline did. The limit holds for what comes out.
 *
 * @throws `http.network`, `http.page-too-large`
 */
export async function decode(received: Received, limit: BodyLimit): Promise<Received> {
  const encoding = String(received.headers['content-encoding'] ?? '').toLowerCase();
  const decompress = decoders.get(encoding);
  if (decompress === undefined || received.body.length === 0) return received;
  try {
    return { ...received, body: await decompress(received.body, { maxOutputLength: limit.bytes }) };
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    // What is only looked at for a message may as well be missing.
    if (limit.isCut) return { ...received, body: Buffer.alloc(0) };
    if (isTooLarge) throw pageTooLarge(limit.bytes);
    throw brokenBody(error instanceof Error ? error.message : String(error), error);
  }
}
