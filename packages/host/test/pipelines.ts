import type { InputModule, Module, OutputModule, Pipeline } from '@cannectors/config';

const common = { enabled: true, onError: 'fail', config: {} } as const;

/** An input as config gives it. */
export function inputModule(type: string, more: Partial<InputModule> = {}): InputModule {
  const pointer = '/input';
  return {
    ...common,
    type,
    pointer,
    configPointer: pointer,
    overlap: 'coalesce',
    misfire: 'none',
    ...more,
  };
}

/** A filter as config gives it. */
export function filterModule(type: string, index: number, more: Partial<Module> = {}): Module {
  const pointer = `/filters/${index}`;
  return { ...common, type, pointer, configPointer: pointer, ...more };
}

/** An output as config gives it. */
export function outputModule(type: string, more: Partial<OutputModule> = {}): OutputModule {
  const pointer = '/output';
  return {
    ...common,
    type,
    pointer,
    configPointer: pointer,
    id: 'output',
    required: true,
    ...more,
  };
}

/** A pipeline as config gives it, complete. */
export function pipeline(more: Partial<Pipeline> = {}): Pipeline {
  const name = more.name ?? 'orders';
  return {
    shape: 'flat',
    name,
    id: name,
    tags: [],
    labels: {},
    tenant: 'default',
    enabled: true,
    requires: {},
    input: inputModule('numbers'),
    filters: [],
    outputs: [outputModule('memory')],
    defaults: {},
    routing: 'all',
    unmatched: 'fail',
    commitPolicy: { mode: 'required' },
    memory: { maxBytes: 64 * 1024 * 1024, maxRecordBytes: 16 * 1024 * 1024 },
    checkpoint: { intervalMs: 0 },
    drainTimeoutMs: 30_000,
    pauseHoldMs: 60_000,
    onErrorScope: 'all',
    errorMarkers: 'calls',
    dryRunOptions: {
      showCredentials: false,
      previewLimit: 10,
      includeHeaders: true,
      includeBody: true,
      allowSideEffects: true,
    },
    ...more,
  };
}

/** A pipeline that saves an id below a folder. */
export function persistent(storagePath: string, more: Partial<Pipeline> = {}): Pipeline {
  const config = { statePersistence: { id: { enabled: true, field: 'id' }, storagePath } };
  return pipeline({ ...more, input: inputModule('numbers', { config }) });
}
