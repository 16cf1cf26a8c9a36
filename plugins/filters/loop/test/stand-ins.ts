import { defineFilter, type EachFilter, Fault, type Json, type JsonRecord } from '@cannectors/core';

const anything = { type: 'object' };

/** Filters for nested steps that do what a test asks for. */
export const standIns = {
  /** Does it to the scope; what it gives back takes its place. */
  do: defineFilter<{ what: keyof typeof deeds }>({
    config: anything,
    create: ({ what }): EachFilter => ({
      each(item) {
        const result = deeds[what](item.record);
        return result === undefined ? item : { ...item, record: result };
      },
    }),
  }),
  /** Drops, splits or fails where the element has the id `where`. */
  at: defineFilter<{ where: Json; what: 'drop' | 'split' | 'fail' }>({
    config: anything,
    create: ({ where, what }): EachFilter => ({
      each(item) {
        if ((item.record['line'] as JsonRecord | null)?.['id'] !== where) return item;
        if (what === 'fail') throw refused();
        return what === 'drop' ? null : [item, { ...item, record: { ...item.record } }];
      },
    }),
  }),
  /** Waits before it writes, as a call does. */
  wait: defineFilter<{ target: string }>({
    config: anything,
    create: ({ target }): EachFilter => ({
      concurrency: 4,
      async each(item) {
        await new Promise((resolve) => setImmediate(resolve));
        const line = item.record['line'] as JsonRecord;
        if (line['id'] === 'down') throw refused();
        line[target] = placeIn(item.record);
        return item;
      },
    }),
  }),
};

function refused(): Fault {
  return new Fault('CALL_REFUSED', 'no such sku', {
    category: 'not_found',
    hint: 'Ask for another.',
    statusCode: 404,
    details: { attempts: 1 },
  });
}

/** What the scope says about where it stands. */
function placeIn(scope: JsonRecord): Json {
  return structuredClone((scope['_metadata'] as JsonRecord)['loop'] ?? null);
}

const lineOf = (scope: JsonRecord): JsonRecord => scope['line'] as JsonRecord;
const rootOf = (scope: JsonRecord): JsonRecord => scope['record'] as JsonRecord;
const metaOf = (scope: JsonRecord): JsonRecord => scope['_metadata'] as JsonRecord;

const deeds = {
  'note the place': (scope: JsonRecord) => void (lineOf(scope)['at'] = placeIn(scope)),
  'note the keys': (scope: JsonRecord) => void (lineOf(scope)['keys'] = Object.keys(scope)),
  'note the order': (scope: JsonRecord) =>
    void (lineOf(scope)['order'] = (scope['order'] as JsonRecord)['no'] ?? null),
  'count on the record': (scope: JsonRecord) =>
    void (rootOf(scope)['count'] = Number(rootOf(scope)['count'] ?? 0) + 1),
  'count on the order': (scope: JsonRecord) => {
    const order = scope['order'] as JsonRecord;
    order['count'] = Number(order['count'] ?? 0) + 1;
  },
  'write a bare key': (scope: JsonRecord) => void (scope['price'] = { net: 7 }),
  'change the bare key': (scope: JsonRecord) => void ((scope['price'] as JsonRecord)['net'] = 8),
  'copy the bare key': (scope: JsonRecord) =>
    void (lineOf(scope)['price'] = structuredClone(scope['price'] ?? null)),
  'copy the bare key to the order': (scope: JsonRecord) =>
    void ((scope['order'] as JsonRecord)['price'] = structuredClone(scope['price'] ?? null)),
  'replace the element': (scope: JsonRecord) =>
    void (scope['line'] = `${JSON.stringify(scope['line'])}!`),
  'remove the element': (scope: JsonRecord) => void delete scope['line'],
  'make it an object': (scope: JsonRecord) => void (scope['line'] = { value: 1 }),
  'empty the list of the record': (scope: JsonRecord) => void (rootOf(scope)['lines'] = []),
  'write to the place': (scope: JsonRecord) =>
    void (((metaOf(scope)['loop'] as JsonRecord)['line'] as JsonRecord)['index'] = 7),
  'write beside the place': (scope: JsonRecord) =>
    void ((metaOf(scope)['loop'] as JsonRecord)['other'] = { index: 1 }),
  'remove the meta data': (scope: JsonRecord) => void delete scope['_metadata'],
  'write to the meta data': (scope: JsonRecord) => void (metaOf(scope)['batch'] = 'b1'),
  'mark it, as the kernel does': (scope: JsonRecord) => {
    const before = (scope['_errors'] ?? []) as Json[];
    scope['_errors'] = [...before, { module: 'probe', recordIndex: 0 }];
  },
  /** A script may give back a copy of all it was given. */
  'give back a copy with changes': (scope: JsonRecord): JsonRecord => {
    const copy = structuredClone(scope);
    lineOf(copy)['copied'] = true;
    rootOf(copy)['copied'] = true;
    metaOf(copy)['copied'] = true;
    return copy;
  },
} satisfies Record<string, (scope: JsonRecord) => JsonRecord | void>;
