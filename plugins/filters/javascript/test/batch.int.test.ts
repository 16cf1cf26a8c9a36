import { type BatchFilter, type Item, itemOf, type JsonRecord, type Meta } from '@cannectors/core';
import { fakeContext } from '@cannectors/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { javascript } from '../src/javascript.ts';

const { signal } = new AbortController();
const refuse = (): never => expect.unreachable();

function filterOf(inline: string, more = {}): BatchFilter {
  const filter = javascript({ inline, ...more }, fakeContext());
  onTestFinished(() => filter.close?.());
  return filter;
}

function itemsOf(...given: readonly (readonly [JsonRecord, Meta?])[]): Item[] {
  return given.map(([record, meta]) => itemOf(record, meta));
}

it('keeps an item, with what is known of it, wherever its record goes', async () => {
  const filter = filterOf(
    'function processBatch(events) { events[2].seen = true; return events.toReversed().slice(0, 2); }',
  );
  const items = itemsOf([{ a: 1 }, { id: '1' }], [{ a: 2 }, { id: '2' }], [{ a: 3 }, { id: '3' }]);

  const out = await filter.batch([...items], signal, refuse);

  expect(out).toEqual(itemsOf([{ a: 3, seen: true }, { id: '3' }], [{ a: 2 }, { id: '2' }]));
  expect([out[0], out[1]].map((item) => items.indexOf(item as Item))).toEqual([2, 1]);
});

it('takes a copy for the item that it was copied from, once', async () => {
  const filter = filterOf(
    'function processBatch([event]) { return [{ ...event, n: 1 }, { ...event, n: 2 }, { n: 3 }]; }',
  );
  const [item] = itemsOf([{ a: 1 }, { id: '1', key: 'k' }]);

  const out = await filter.batch([item as Item], signal, refuse);

  expect(out).toEqual(
    itemsOf(
      [
        { a: 1, n: 1 },
        { id: '1', key: 'k' },
      ],
      [{ a: 1, n: 2 }, { key: 'k' }],
      [{ n: 3 }],
    ),
  );
  expect(out[0]).toBe(item);
});

it('tells the script what is known of each record', async () => {
  const filter = filterOf(
    'function processBatch(events, { meta }) { events.forEach((e, i) => (e.id = meta[i]?.id ?? null)); }',
  );

  const known = await filter.batch(itemsOf([{ a: 1 }, { id: '7' }], [{ a: 2 }]), signal, refuse);
  const unknown = await filter.batch(itemsOf([{ a: 1 }]), signal, refuse);

  expect(known.map(({ record }) => record)).toEqual([
    { a: 1, id: '7' },
    { a: 2, id: null },
  ]);
  expect(unknown.map(({ record }) => record)).toEqual([{ a: 1, id: null }]);
});

it('keeps every digit of what a script does not touch', async () => {
  const filter = filterOf('function processBatch() {}');
  const record = { id: 2n ** 63n - 1n, amount: '0.10', list: [-(2n ** 64n), 1e300, 0.1] };

  expect(await filter.batch(itemsOf([structuredClone(record)]), signal, refuse)).toEqual(
    itemsOf([record]),
  );
});

it('leaves the records as they are when the script fails, and works again afterwards', async () => {
  const filter = filterOf(
    'function processBatch(events) { events[0].b = 1; if (events[0].bad) for (;;); }',
    {
      limits: { timeoutMs: 300 },
    },
  );
  const items = itemsOf([{ bad: true }]);

  await expect(filter.batch(items, signal, refuse)).rejects.toMatchObject({
    code: 'script.timeout',
    retry: false,
  });

  expect(items).toEqual(itemsOf([{ bad: true }]));
  expect(await filter.batch(itemsOf([{ a: 1 }]), signal, refuse)).toEqual(
    itemsOf([{ a: 1, b: 1 }]),
  );
});

it('starts its script once, when it is opened', async () => {
  const filter = filterOf('let n = 0; n++; function processBatch(events) { events[0].n = n++; }');

  await filter.open?.(signal);
  await filter.open?.(signal);

  expect(await filter.batch(itemsOf([{}]), signal, refuse)).toEqual(itemsOf([{ n: 1 }]));
});

it('cannot be opened without its function', async () => {
  const filter = filterOf('const processBatch = 1;');

  await expect(filter.open?.(signal)).rejects.toMatchObject({ code: 'NOT_FUNCTION' });
});

it('starts nothing for an empty batch', async () => {
  const filter = filterOf('throw new Error("no");');

  expect(await filter.batch([], signal, refuse)).toEqual([]);
});
