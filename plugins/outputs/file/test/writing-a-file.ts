import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { itemOf, type JsonRecord, type Output, type OutputBatch } from '@cannectors/core';
import { type FakeContext, fakeContext } from '@cannectors/testkit';
import { onTestFinished } from 'vitest';
import type { Config } from '../src/config.ts';
import { file } from '../src/file.ts';

/** An output that is open, until the test ends. */
export interface Writing {
  readonly output: Output;
  readonly context: FakeContext;
}

/** Makes an empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'output-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Opens an output on a file. */
export async function writingTo(place: string, config: Partial<Config> = {}): Promise<Writing> {
  const context = fakeContext();
  const csv = { delimiter: ',', header: true };
  const output = file({ mode: 'append', csv, ...config, path: place }, context);
  onTestFinished(() => output.close?.());
  await output.open?.(new AbortController().signal);
  return { output, context };
}

/** Records as a batch. */
export function batchOf(
  records: readonly JsonRecord[],
  options: Partial<OutputBatch> = {},
): OutputBatch {
  return {
    items: records.map((record) => itemOf(record)),
    seq: 0,
    attempt: 1,
    failFast: false,
    ...options,
  };
}

/** A signal that never aborts. */
export const { signal } = new AbortController();
