import {
  type Context,
  type Each,
  type EachFilter,
  Fault,
  type FilterPlugin,
  type Item,
  type JsonRecord,
} from '@cannectors/core';
import { completed } from './completed.ts';

/** Filters that nested steps may name, by type. */
export type Registry = Readonly<Record<string, FilterPlugin>>;

/** Words that every module has; they are not part of a step's config. */
const kernelWords = new Set(['type', 'id', 'name', 'description', 'tags', 'enabled', 'onError']);

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
    .filter((step) => step['enabled'] !== false)
    .map((step, index) => build(step, `${pointer}/${index}`, registry, context))
    .map((filter) => (passesOver ? passedOver(filter) : filter));
  const waiting = filters.flatMap(({ concurrency }) => concurrency ?? []);

  return {
    ...(waiting.length > 0 && { concurrency: Math.max(...waiting) }),
    each: (item, signal, index) => through(filters, 0, item, signal, index),
    async close() {
      for (const filter of filters) await filter.close?.();
    },
  };
}

function build(step: JsonRecord, at: string, registry: Registry, context: Context): EachFilter {
  const type = textOf(step['type']);
  const config = Object.fromEntries(Object.entries(step).filter(([key]) => !kernelWords.has(key)));
  const plugin = registry[type];
  if (plugin !== undefined) {
    const filter = plugin.create(completed(plugin.config as JsonRecord, config) as never, context);
    if ('each' in filter) return filter;
    throw new Error(
      `${at}: a nested step handles one item at a time, so \`batch\` cannot be nested.`,
    );
  }
  const standIn = standIns[type];
  if (standIn === undefined) {
    throw new Error(
      `${at}: the test knows no filter \`${type}\`. Name it in the option \`filters\`.`,
    );
  }
  return standIn(config);
}

/** Small filters of the testkit, so that a plugin with nested steps needs no other plugin. */
const standIns: Readonly<Record<string, (config: JsonRecord) => EachFilter>> = {
  set: ({ target, value }) => ({
    each(item) {
      const keys = textOf(target).split('.');
      const last = keys.pop() as string;
      let at = item.record;
      for (const key of keys) at = (at[key] ??= {}) as JsonRecord;
      at[last] = structuredClone(value ?? null);
      return item;
    },
  }),
  drop: () => ({ each: () => null }),
  fail: ({ code }) => ({
    each() {
      throw new Fault(textOf(code, 'test.failed'), 'The step is made to fail.', {
        category: 'validation',
      });
    },
  }),
};

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

function textOf(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}
