import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Chunk, Json, JsonRecord } from '@cannectors/core';
import { type FakeContext, fakeContext } from '@cannectors/testkit';
import { onTestFinished } from 'vitest';
import type { Config } from '../src/config.ts';
import { file } from '../src/file.ts';

/** Settings of one reading in a test. */
export interface Given extends Partial<Config> {
  /** Name of the file, which gives its format. */
  readonly name: string;
  readonly content: string | Buffer;
  /** Bytes that are read at once. */
  readonly block?: number;
  readonly maxRecordBytes?: number;
  /** Keeps the offset, and begins at one. */
  readonly offset?: number;
}

/** What came of it, up to a fault. */
export interface Result {
  readonly records: JsonRecord[];
  readonly chunks: Chunk[];
  readonly unreadable: { readonly raw: string; readonly code: string; readonly at: Json }[];
  readonly checkpoints: (Json | undefined)[];
  readonly fault: unknown;
  readonly context: FakeContext;
}

/** Makes an empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'input-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Reads a file of this content to its end. */
export async function readingOf(given: Given): Promise<Result> {
  const place = path.join(temporaryFolder(), given.name);
  writeFileSync(place, given.content);
  return await readingAt(place, given);
}

/** Reads a file that is there. */
export async function readingAt(place: string, given: Omit<Given, 'name' | 'content'>) {
  const { block = 2 ** 22, maxRecordBytes = 2 ** 24, offset, ...config } = given;
  const context = {
    ...fakeContext(),
    limits: { maxPageBytes: block, maxRecordBytes },
  } satisfies FakeContext;
  const input = file(
    {
      csv: { delimiter: ',', header: true },
      ...(offset !== undefined && { statePersistence: { offset: { enabled: true } } }),
      ...config,
      path: place,
    },
    context,
  );
  const { signal } = new AbortController();
  const chunks: Chunk[] = [];
  let fault: unknown;
  try {
    await input.open?.(signal);
    const from = offset === undefined ? {} : { checkpoint: { offset } };
    for await (const chunk of input.read({ ...from, signal })) chunks.push(chunk);
  } catch (error) {
    fault = error;
  } finally {
    await input.close?.();
  }
  return {
    chunks,
    fault,
    context,
    records: chunks.flatMap(({ items }) => items.map(({ record }) => record)),
    unreadable: chunks.flatMap(({ unreadable = [] }) =>
      unreadable.map(({ raw, fault: { code, details } }) => ({
        raw,
        code,
        at: details['line'] ?? details['index'] ?? null,
      })),
    ),
    checkpoints: chunks.map(({ checkpoint }) => checkpoint),
  };
}
