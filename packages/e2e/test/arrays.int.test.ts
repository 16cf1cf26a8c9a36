import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { api } from '../src/api.ts';
import { cannectors, start } from '../src/command.ts';
import { waitFor } from '../src/wait-for.ts';
import { type Workspace, workspace } from '../src/workspace.ts';

const pageSize = 10;
const total = 60;
const lines = ['a', 'b', 'c'];
const hour = 3_600_000;

/** An order, and which of its lines: `7a`. */
const everyLine = all().flatMap((id) => lines.map((line) => `${id}${line}`));

function all(until = total): number[] {
  return Array.from({ length: until }, (_, id) => id);
}

type Sent = { id?: number; line?: string; ids?: number[] };

/** Orders in pages, seven to the hour, and a destination that remembers what it got. */
async function world(
  afterPost: (posts: number) => void,
  beforeLastPage: () => Promise<void> = () => Promise.resolve(),
) {
  const received: Sent[] = [];
  let posts = 0;
  const { url } = await api(async ({ method, query, body }) => {
    if (method === 'POST') {
      received.push(...[JSON.parse(body) as Sent | Sent[]].flat());
      afterPost(++posts);
      return {};
    }
    const offset = Number(query.get('offset') ?? 0);
    if (offset === total - pageSize) await beforeLastPage();
    const items = all()
      .slice(offset, offset + pageSize)
      .map((id) => ({ id, at: Math.floor(id / 7) * hour, lines }));
    return { body: { total, items } };
  });
  return { url, received };
}

function space(url: string, filters: object[]): Workspace {
  return workspace({
    'orders.json': {
      name: 'orders',
      input: {
        type: 'httpPolling',
        endpoint: `${url}/orders`,
        pagination: {
          type: 'offset',
          param: 'offset',
          limitParam: 'limit',
          limit: pageSize,
          totalField: 'total',
        },
        statePersistence: { offset: { enabled: true, queryParam: 'offset' } },
      },
      filters,
      output: {
        type: 'httpRequest',
        endpoint: `${url}/orders`,
        method: 'POST',
        requestMode: 'single',
      },
    },
  });
}

/** Kills a run when the destination has got so many requests, looks, and lets the next run finish. */
async function killAt(victim: number, filters: object[]) {
  let kill = () => {};
  const { url, received } = await world((posts) => {
    if (posts === victim) kill();
  });
  const place = space(url, filters);
  const run = start(['run', 'orders.json'], place);
  kill = () => run.signal('SIGKILL');
  const { signal } = await run.ended;
  const before = [...received];
  const state = '.cannectors-state/orders.json';
  const offset = existsSync(place.path(state))
    ? (place.json(state) as { offset: number }).offset
    : 0;

  const again = await cannectors(['run', 'orders.json', '--json'], place);

  expect([signal, again.code]).toEqual(['SIGKILL', 0]);
  expect(place.json(state)).toEqual({ offset: total });
  return { before, received, offset, result: JSON.parse(again.stdout) as Record<string, unknown> };
}

describe('kill -9 behind a split', () => {
  it.each([2, 31, 95])(
    'at request %i: no position is ahead of a part of its record',
    async (victim) => {
      const { before, received, offset, result } = await killAt(victim, [
        { type: 'split', field: 'lines', itemName: 'line', include: ['id'] },
      ]);

      const partsOf = (sent: Sent[]) => new Set(sent.map(({ id, line }) => `${id}${line}`));
      const delivered = partsOf(before);
      const behind = everyLine.filter((part) => Number.parseInt(part, 10) < offset);
      expect(behind.filter((part) => !delivered.has(part))).toEqual([]);
      expect(partsOf(received)).toEqual(new Set(everyLine));
      expect(result).toMatchObject({
        records_read: total - offset,
        records_created: 2 * (total - offset),
        records_written: 3 * (total - offset),
      });
    },
  );
});

describe('kill -9 behind an aggregate', () => {
  const idsOf = (sent: Sent[]) => sent.flatMap(({ ids = [] }) => ids);

  it.each([1, 3])('at request %i, per run: nothing is saved before the end', async (victim) => {
    const { received, offset, result } = await killAt(victim, [
      { type: 'aggregate', groupBy: 'at', fields: { ids: { list: 'id' } } },
    ]);

    const groups = Math.ceil(total / 7);
    expect(offset).toBe(0);
    expect(idsOf(received.slice(-groups))).toEqual(all());
    expect(result).toMatchObject({
      records_read: total,
      records_dropped: total,
      records_created: groups,
      records_written: groups,
    });
  });

  it.each([1, 3, 6])('at request %i, by time: no position is ahead of a window', async (victim) => {
    const { before, received, offset } = await killAt(victim, [
      {
        type: 'aggregate',
        window: { sizeMs: hour, field: 'at' },
        fields: { ids: { list: 'id' } },
      },
    ]);

    const delivered = new Set(idsOf(before));
    expect(all(offset).filter((id) => !delivered.has(id))).toEqual([]);
    expect(new Set(idsOf(received))).toEqual(new Set(all()));
  });

  it('by time, saves positions while the run goes on', async () => {
    let isSaved = () => false;
    const { url, received } = await world(
      () => {},
      () => waitFor(isSaved, () => 'a saved position before the last page is read'),
    );
    const place = space(url, [
      { type: 'aggregate', window: { sizeMs: hour, field: 'at' }, fields: { ids: { list: 'id' } } },
    ]);
    isSaved = () => existsSync(place.path('.cannectors-state/orders.json'));

    const { code } = await cannectors(['run', 'orders.json'], place);

    expect(code).toBe(0);
    expect(idsOf(received)).toEqual(all());
  });
});
