import type { Json, JsonRecord } from '@cannectors/core';
import type { Cases, Refuses } from './cases.ts';
import type { PluginExample } from './plugin-examples.ts';

/** What a test of an input or an output tells the suite of the system behind it. */
interface Driver {
  /** The config as a user writes it. A function is called after `arrange`, so it may hold an address. */
  readonly config: JsonRecord | (() => JsonRecord);
  /** Records that travel in the stories. Default: 25 small ones, `{ id, name }`. */
  readonly records?: readonly JsonRecord[];
  /** What arrives of given records, where the system changes them (CSV makes every value a text). */
  expected?(records: readonly JsonRecord[]): readonly JsonRecord[];
  /**
   * Makes the system take the next request and not answer it. `reached` resolves when that request
   * has come.
   */
  stall?(): { readonly reached: Promise<unknown> };
  /** Configs that are refused. */
  readonly refuses?: Cases<Refuses>;
}

/** Speaks for the source of an input. */
export interface InputDriver extends Driver {
  /** The input never ends by itself: `arrange` is called while it reads, and sends the records. */
  readonly endless?: true;
  /** Makes the source hold exactly these records. Called again in one story, with more of them. */
  arrange(records: readonly JsonRecord[]): Promise<void> | void;
  /** Number of connections and files that the source still sees open: 0 after `close`. */
  observe?(): number | Promise<number>;
  /** Makes a source that holds what the example gives; returns its config with the real address. */
  example?(example: PluginExample): Promise<ExampleSource> | ExampleSource;
  /** Why no chunk has a checkpoint; the README says so under Delivery. */
  readonly cannotResume?: string;
}

/** Speaks for the destination of an output. */
export interface OutputDriver extends Driver {
  /** Makes the destination empty and well. */
  arrange(): Promise<void> | void;
  /** What the destination holds, in order of arrival. */
  observe(): readonly JsonRecord[] | Promise<readonly JsonRecord[]>;
  /** Makes the destination refuse this record, and no other. */
  refuse?(record: JsonRecord): Promise<void> | void;
  /** Makes an empty destination for an example; `observe` tells what its `then` has to be. */
  example?(example: PluginExample): Promise<ExampleDestination> | ExampleDestination;
  /** Makes the destination fail the next write, and no later one. */
  fail?(): Promise<void> | void;
}

export interface ExampleSource {
  readonly config: JsonRecord;
}

export interface ExampleDestination {
  readonly config: JsonRecord;
  observe(): Json | Promise<Json>;
}

/** The config for this moment. */
export function configOf(driver: Driver): JsonRecord {
  return typeof driver.config === 'function' ? driver.config() : driver.config;
}

/** The records of the stories. */
export function recordsOf(driver: Driver): readonly JsonRecord[] {
  return driver.records ?? simpleRecords;
}

/** What arrives of given records. */
export function arriving(driver: Driver, records: readonly JsonRecord[]): readonly JsonRecord[] {
  return driver.expected?.(records) ?? records;
}

const simpleRecords = Array.from({ length: 25 }, (_, index) => ({
  id: index + 1,
  name: `record ${index + 1}`,
}));
