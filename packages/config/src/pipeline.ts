import type { Json, JsonRecord } from '@cannectors/core';

/** A module of a pipeline, with the kernel's words taken out of its config. */
export interface Module {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly enabled: boolean;
  readonly onError: 'fail' | 'skip' | 'log' | 'dlq';
  /**
   * What the plugin's schema describes: valid and complete, environment and defaults applied. A step
   * of a nested list is one object, the kernel's words in it (`nestedModule`).
   */
  readonly config: JsonRecord;
  /** Where the module stands in the document: a JSON Pointer, `/filters/0`. */
  readonly pointer: string;
  /** JSON Pointer of its config: the same, or `/spec/processors/0/config`. */
  readonly configPointer: string;
}

export interface InputModule extends Module {
  /** Cron text; absent: one run. */
  readonly schedule?: string;
  readonly timezone?: string;
  readonly overlap: 'coalesce' | 'skip' | 'queue';
  readonly misfire: 'none' | 'once';
  readonly maxRunMs?: number;
}

export interface OutputModule extends Module {
  /** Unique in the pipeline. */
  readonly id: string;
  readonly required: boolean;
  /** Source of the expression. */
  readonly when?: string;
}

/** The internal form: what both document shapes are normalised to. */
export interface Pipeline {
  readonly shape: 'flat' | 'spec';
  readonly name: string;
  readonly id: string;
  readonly version?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly tenant: string;
  readonly enabled: boolean;
  readonly requires: Readonly<Record<string, string>>;
  readonly input: InputModule;
  readonly filters: readonly Module[];
  readonly outputs: readonly OutputModule[];
  /** Applied already, to the steps of nested lists too. */
  readonly defaults: Defaults;
  readonly routing: 'all' | 'first-match';
  readonly unmatched: 'fail' | 'drop' | 'dlq';
  /** Complete where the document has the block. */
  readonly batch?: {
    readonly maxEvents: number;
    readonly maxBytes: number;
    readonly maxMs: number;
    readonly respectSourceTx: boolean;
    readonly maxInflight: number;
  };
  readonly commitPolicy:
    | { readonly mode: 'all' | 'required' }
    | { readonly mode: 'quorum'; readonly quorum: number };
  readonly deadLetter?: DeadLetter;
  readonly outputDeadlineMs?: number;
  readonly memory: { readonly maxBytes: number; readonly maxRecordBytes: number };
  readonly checkpoint: { readonly intervalMs: number };
  readonly drainTimeoutMs: number;
  readonly pauseHoldMs: number;
  readonly onErrorScope: 'all' | 'records';
  readonly errorMarkers: 'calls' | 'all';
  readonly dryRunOptions: DryRunOptions;
}

export interface Defaults {
  readonly onError?: 'fail' | 'skip' | 'log' | 'dlq';
  readonly timeoutMs?: number;
  readonly retry?: JsonRecord;
}

export interface DeadLetter {
  readonly target:
    | { readonly type: 'store' }
    | {
        readonly type: 'output';
        readonly output: OutputModule;
        readonly onFailure: 'block' | 'store';
      };
  readonly maxEntries: number;
  readonly maxAgeSecs: number;
  readonly overflowPolicy: 'block' | 'drop_oldest' | 'reject' | 'fail';
  readonly transient: boolean;
  readonly maxRate: { readonly ratio: number; readonly minRecords: number };
  readonly maxEventBytes: number;
  readonly truncate: boolean;
}

export interface DryRunOptions {
  readonly showCredentials: boolean;
  readonly previewLimit: number;
  readonly includeHeaders: boolean;
  readonly includeBody: boolean;
  readonly maxRecords?: number;
  readonly allowSideEffects: boolean;
}

/** Something that is wrong with a document, and where. */
export interface Problem {
  readonly code: string;
  /** JSON Pointer into the document. */
  readonly pointer: string;
  /** From 1; absent when the place is not in the text. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly expected?: Json;
  readonly actual?: Json;
  readonly hint?: string;
}
