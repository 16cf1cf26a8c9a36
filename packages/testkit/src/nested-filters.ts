import { nestedModule } from '@cannectors/config';
import {
  type Context,
  defineFilter,
  type Each,
  type EachFilter,
  Fault,
  type FilterPlugin,
  type Item,
  type Json,
  type JsonRecord,
} from '@cannectors/core';

/** Filters that nested steps may name, by type. */
export type Registry = Readonly<Record<string, FilterPlugin>>;

interface Surroundings {
  readonly registry: Registry;
  readonly context: Context;
  /** A step that fails is passed over, and the record goes on as it is. */
  readonly passesOver: boolean;
}

/** Builds a nested list of steps for a test, from given plugins and the stand-ins below. */
export function nestedFilters(
  steps: readonly unknown[],
  pointer: string,
  { registry, context, passesOver }: Surroundings,
): EachFilter {
  const filters = (steps as readonly JsonRecord[])
    .map((step, index) => nestedModule(step, `${pointer}/${index}`))
    .filter(({ enabled }) => enabled)
    .map(({ type, config, pointer: at }) => {
      const plugin = registry[type] ?? standIns[type];
      if (plugin === undefined) throw new Error(`${at}: the test knows no filter \`${type}\`.`);
      const filter = plugin.create(config as never, context);
      if ('batch' in filter) {
        throw new Error(`${at}: \`${type}\` takes batches, so it cannot be nested.`);
      }
      return passesOver ? passedOver(filter) : filter;
    });
  const waiting = filters.flatMap(({ concurrency }) => concurrency ?? []);

  return {
    ...(waiting.length > 0 && { concurrency: Math.max(...waiting) }),
    each: (item, signal, index) => through(filters, 0, item, signal, index),
    async close() {
      for (const filter of filters) await filter.close?.();
    },
  };
}

/** Small filters of the testkit, so that a plugin with nested steps needs no other plugin. */
export const standIns: Registry = {
  set: defineFilter<{ target: string; value: Json }>({
    config: closed({ target: { type: 'string' }, value: {} }),
    create: ({ target, value }) => ({
      each(item) {
        const keys = target.split('.');
        const last = keys.pop() ?? '';
        let at = item.record;
        for (const key of keys) at = (at[key] ??= {}) as JsonRecord;
        at[last] = structuredClone(value);
        return item;
      },
    }),
  }),
  drop: defineFilter({ config: closed({}), create: () => ({ each: () => null }) }),
  fail: defineFilter<{ code: string }>({
    config: closed({ code: { type: 'string', default: 'test.failed' } }),
    create: ({ code }) => ({
      each() {
        throw new Fault(code, 'The step is made to fail.', { category: 'validation' });
      },
    }),
  }),
};

function closed(properties: JsonRecord): JsonRecord {
  return { type: 'object', properties, additionalProperties: false };
}

function passedOver(filter: EachFilter): EachFilter {
  return {
    ...filter,
    each(item, signal, index) {
      try {
        const result = filter.each(item, signal, index);
        return result instanceof Promise ? result.catch(() => item) : result;
      } catch {
        return item;
      }
    },
  };
}

/** Stays synchronous as long as every filter does. */
function through(
  filters: readonly EachFilter[],
  from: number,
  item: Item,
  signal: AbortSignal,
  index: number,
): Each | Promise<Each> {
  const filter = filters[from];
  if (filter === undefined) return item;
  const on = (result: Each): Each | Promise<Each> => {
    if (result === null) return null;
    if (!Array.isArray(result)) return through(filters, from + 1, result, signal, index);
    const parts = result.map((part) => through(filters, from + 1, part, signal, index));
    return parts.some((part) => part instanceof Promise)
      ? Promise.all(parts.map((part) => Promise.resolve(part))).then(listOf)
      : listOf(parts as Each[]);
  };
  const result = filter.each(item, signal, index);
  return result instanceof Promise ? result.then(on) : on(result);
}

function listOf(parts: readonly Each[]): Item[] {
  return parts.flatMap((part) => part ?? []);
}
