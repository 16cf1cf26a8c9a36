import * as core from '@cannectors/core';
import type {
  BatchFilter,
  Chunk,
  Context,
  EachFilter,
  Fault,
  Filter,
  Input,
  Item,
  Output,
  OutputBatch,
  Outcome,
  Plugin,
  Preview,
  Refuse,
  WriteResult,
} from '@cannectors/core';
import { expect, expectTypeOf, it } from 'vitest';

/*
 * The contract, written down a second time. What fails here, when the types are checked, is a change
 * that plugins of strangers notice: a member that is gone or means something else is a major of core;
 * a new one is a minor, and is added here.
 */

it('gives these functions and values, and no other', () => {
  expect(Object.keys(core).toSorted()).toEqual([
    'Fault',
    'apiVersion',
    'defineFilter',
    'defineInput',
    'defineOutput',
    'faultOf',
    'isFault',
    'itemOf',
  ]);
  expect(core.apiVersion).toBe(1);
});

it('asks an input for `read`, and knows these powers', () => {
  expectTypeOf<keyof Input>().toEqualTypeOf<
    'endless' | 'receives' | 'open' | 'read' | 'paused' | 'commit' | 'close'
  >();
  expectTypeOf<Pick<Input, 'read'>>().toExtend<Input>();
  expectTypeOf<keyof Chunk>().toEqualTypeOf<
    'items' | 'checkpoint' | 'insideTransaction' | 'bytes' | 'unreadable' | 'metadata' | 'settled'
  >();
  expectTypeOf<Pick<Chunk, 'items'>>().toExtend<Chunk>();
  expectTypeOf<keyof Outcome>().toEqualTypeOf<'delivered' | 'fault' | 'counts'>();
  const input = core.defineInput<{ count: number }>({
    config: {},
    create: ({ count }) => ({
      async *read({ checkpoint, signal }) {
        expectTypeOf(checkpoint).toEqualTypeOf<core.Json | undefined>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        yield await Promise.resolve({ items: [core.itemOf({ count })] });
      },
    }),
  });

  expect(input).toMatchObject({ kind: 'input', apiVersion: 1 });
});

it('asks a filter for `each` or `batch`, never both', () => {
  expectTypeOf<keyof EachFilter>().toEqualTypeOf<
    'each' | 'concurrency' | 'marked' | 'open' | 'close'
  >();
  expectTypeOf<keyof BatchFilter>().toEqualTypeOf<
    'batch' | 'flush' | 'oldest' | 'dueAt' | 'open' | 'close'
  >();
  expectTypeOf<Refuse>().toEqualTypeOf<(index: number, fault: Fault) => boolean>();
  expectTypeOf<{ each: (item: Item) => Item }>().toExtend<Filter>();
  expectTypeOf<{ each: (item: Item) => null }>().toExtend<Filter>();
  expectTypeOf<{ each: (item: Item) => Item[] }>().toExtend<Filter>();
  expectTypeOf<{ each: (item: Item) => Promise<Item>; concurrency: number }>().toExtend<Filter>();
  expectTypeOf<{ batch: (items: Item[]) => Item[] }>().toExtend<Filter>();
  expectTypeOf<{ close: () => void }>().not.toExtend<Filter>();
  const filter = core.defineFilter({
    config: {},
    create: () => ({ each: () => null }),
    logged: 'keep',
  });

  expect(filter).toMatchObject({ kind: 'filter', apiVersion: 1, logged: 'keep' });
});

it('asks an output for `write`, and knows these powers', () => {
  expectTypeOf<keyof Output>().toEqualTypeOf<
    | 'stdout'
    | 'wholeRun'
    | 'needsIds'
    | 'checkpoints'
    | 'concurrent'
    | 'open'
    | 'write'
    | 'flush'
    | 'preview'
    | 'close'
  >();
  expectTypeOf<Pick<Output, 'write'>>().toExtend<Output>();
  expectTypeOf<{ write: (batch: OutputBatch) => Promise<void> }>().toExtend<Output>();
  expectTypeOf<keyof OutputBatch>().toEqualTypeOf<
    'items' | 'seq' | 'attempt' | 'failFast' | 'onError'
  >();
  expectTypeOf<OutputBatch['items']>().toEqualTypeOf<readonly Item[]>();
  expectTypeOf<keyof WriteResult>().toEqualTypeOf<'rejected' | 'unsent' | 'failure'>();
  expectTypeOf<{ title: string }>().toExtend<Preview>();
  const output = core.defineOutput({
    config: {},
    create: () => ({ write: () => Promise.resolve() }),
  });

  expect(output).toMatchObject({ kind: 'output', apiVersion: 1 });
});

it('lends a plugin these things', () => {
  expectTypeOf<keyof Context>().toEqualTypeOf<
    | 'log'
    | 'pipeline'
    | 'dryRun'
    | 'readOnly'
    | 'delivery'
    | 'nested'
    | 'limits'
    | 'retry'
    | 'filters'
    | 'file'
    | 'storage'
    | 'stdout'
  >();
  expectTypeOf<Plugin['create']>().parameter(1).toEqualTypeOf<Context>();
  expectTypeOf<keyof Item>().toEqualTypeOf<'record' | 'meta'>();
  const fault: Fault = new core.Fault('a.b', 'It fails.', { category: 'rate_limit', retry: 250 });

  expect(fault).toMatchObject({ code: 'a.b', category: 'rate_limit', retry: 250, details: {} });
  expect(core.isFault(fault)).toBe(true);
});

it('refuses what is no plugin', () => {
  const create = (): Filter => ({ each: () => null });
  // @ts-expect-error: `create` is missing
  core.defineFilter({ config: {} });
  // @ts-expect-error: no such way to log
  const wrong = core.defineFilter({ config: {}, create, logged: 'hide' });

  expect(wrong.kind).toBe('filter');
});
