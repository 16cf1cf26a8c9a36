import type { Chunk, Json, JsonRecord } from '@cannectors/core';
import { completeConfig, fakeContext } from '@cannectors/testkit';
import { onTestFinished } from 'vitest';
import type { Config } from '../src/config.ts';
import plugin from '../src/index.ts';

/** An open input; `read` reads it to its end. It is closed after the test. */
export async function reading(config: JsonRecord) {
  const context = fakeContext();
  const input = plugin.create((await completeConfig(plugin, config)) as Config, context);
  onTestFinished(() => input.close?.());
  const { signal } = new AbortController();
  await input.open?.(signal);

  const read = async (checkpoint?: Json): Promise<Chunk[]> => {
    const chunks: Chunk[] = [];
    const from = checkpoint === undefined ? {} : { checkpoint };
    for await (const chunk of input.read({ ...from, signal })) chunks.push(chunk);
    return chunks;
  };
  return {
    input,
    context,
    read,
    records: async (checkpoint?: Json) => recordsIn(await read(checkpoint)),
  };
}

export function recordsIn(chunks: readonly Chunk[]): JsonRecord[] {
  return chunks.flatMap(({ items }) => items.map(({ record }) => record));
}
