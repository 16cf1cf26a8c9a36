import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Kind } from '@cannectors/config';
import type { Json } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { contextOf, retryPolicy, type Surroundings } from '../src/context.ts';
import { logLines } from './log-lines.ts';
import { filterModule, pipeline } from './pipelines.ts';
import { tempTree } from './temp-tree.ts';

function context(more: Partial<Surroundings> = {}, module = filterModule('any', 0)) {
  const chain = { each: () => null };
  const around: Surroundings = {
    pipeline: pipeline(),
    storage: '/state',
    dryRun: false,
    stdout: { write: (_text, done) => done() },
    kernel: { retry: () => (task) => task(1), chain: () => chain },
    logOf: () => logLines().log,
    ...more,
  };
  return contextOf('filter', module, around, () => chain);
}

describe('the retry policy of a module', () => {
  const usual = { delayMs: 1000, backoffMultiplier: 2, maxDelayMs: 30_000, jitter: false };

  it.each<[Kind, Json | undefined, object]>([
    ['input', undefined, { ...usual, maxAttempts: 3 }],
    ['output', undefined, { ...usual, maxAttempts: 3 }],
    ['filter', undefined, { ...usual, maxAttempts: 0 }],
    ['filter', {}, { ...usual, maxAttempts: 3 }],
    ['filter', { delayMs: 5 }, { ...usual, maxAttempts: 3, delayMs: 5 }],
    ['output', { maxAttempts: 0 }, { ...usual, maxAttempts: 0 }],
    ['input', { maxAttempts: 10, delayMs: 0, maxDelayMs: 0 }, { ...usual, maxAttempts: 10 }],
    [
      'input',
      { backoffMultiplier: 1, maxDelayMs: 9, jitter: true },
      { ...usual, maxAttempts: 3, backoffMultiplier: 1, maxDelayMs: 9, jitter: true },
    ],
  ])('of an %s with %j', (kind, retry, expected) => {
    const config = retry === undefined ? {} : { retry };

    expect(retryPolicy(kind, { config })).toEqual(expected);
  });
});

describe('a file that a pipeline names', () => {
  it('is looked up beside the pipeline, then in the working folder', () => {
    const folder = tempTree();
    mkdirSync(path.join(folder, 'sql'));
    writeFileSync(path.join(folder, 'sql/a.sql'), '');
    const file = (name: string): string => context({ folder }).file(name);

    expect(file('sql/a.sql')).toBe(path.join(folder, 'sql/a.sql'));
    expect(file('sql/b.sql')).toBe(path.join(process.cwd(), 'sql/b.sql'));
    expect(file('/etc/hosts')).toBe('/etc/hosts');
    expect(context().file('a.sql')).toBe(path.join(process.cwd(), 'a.sql'));
  });
});

describe('the limits of a module', () => {
  const mebi = 1024 * 1024;

  it.each([
    ['a whole run', {}, 16],
    ['a larger budget', { memory: { maxBytes: 256 * mebi, maxRecordBytes: mebi } }, 16],
    [
      'batches that leave little',
      {
        batch: {
          maxEvents: 1,
          maxBytes: 20 * mebi,
          maxMs: 1,
          respectSourceTx: true,
          maxInflight: 2,
        },
      },
      4,
    ],
  ])('let a page have what %s leaves', (_title, more, expected) => {
    const { limits } = context({ pipeline: pipeline(more) });

    expect(limits.maxPageBytes).toBe(expected * mebi);
  });
});

it('is read-only in a dry run without side effects', () => {
  const careful = pipeline();
  const dryRunOptions = { ...careful.dryRunOptions, allowSideEffects: false };
  const one = { ...careful, dryRunOptions };

  expect(context({ pipeline: one, dryRun: true }).readOnly).toBe(true);
  expect(context({ pipeline: one, dryRun: false }).readOnly).toBe(false);
  expect(context({ dryRun: true }).readOnly).toBe(false);
});

it('tells a filter of a nested chain what it is', () => {
  const module = filterModule('any', 0);
  const one = pipeline({ filters: [module] });

  expect(context({ pipeline: one }, module)).not.toHaveProperty('nested');
  expect(context({ pipeline: one }, filterModule('any', 0))).toHaveProperty('nested', true);
});
