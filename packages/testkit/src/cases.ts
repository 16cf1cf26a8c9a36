import type { JsonRecord } from '@cannectors/core';

/** A small story about a filter: a config, records that go in, and what comes of it. */
export type FilterCase = Passes | Refuses | Fails;

/** The config as a user writes it. A function where it holds an address that is known later. */
type Config = JsonRecord | (() => JsonRecord);

/** The records of `given` come out as `then`, in this order. */
export interface Passes {
  readonly config?: Config;
  readonly given: readonly JsonRecord[];
  readonly then: readonly JsonRecord[];
}

/** The config is refused, by the schema or by `create`, with a fault that points into it. */
export interface Refuses {
  readonly config?: JsonRecord;
  readonly refuses: { readonly code: string; readonly pointer: string };
}

/** One of the records of `given` fails with this fault; those before it pass. */
export interface Fails {
  readonly config?: Config;
  readonly given: readonly JsonRecord[];
  readonly fails: { readonly code: string };
}

export type Cases<C> = Readonly<Record<string, C>>;
