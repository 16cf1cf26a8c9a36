import type { Json, JsonRecord, Log } from '@cannectors/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { answers, type CacheConfig } from '../src/index.ts';

const forever = new AbortController().signal;
const on: CacheConfig = { enabled: true, maxSize: 1000, ttlSeconds: 300 };

/** Answers, and everything that was asked. */
function asking(cache: CacheConfig = on) {
  return askingWith(cache);
}

function askingWith(cache: CacheConfig | undefined) {
  const warnings: string[] = [];
  const write = (): void => {};
  const log: Log = {
    debug: write,
    info: write,
    warn: (message, fields) =>
      void warnings.push(`${message}: ${JSON.stringify(fields?.['error'])}`),
    error: write,
  };
  const asked: Json[] = [];
  const made = answers(cache, log);
  const keyOf = ({ record }: { record: JsonRecord }) => JSON.stringify(record['id']);
  return {
    asked,
    warnings,
    made,
    /** Asks for one record; the answer comes in a later turn. */
    one: (record: JsonRecord, ask?: () => Promise<Json>, signal = forever) =>
      made.get(
        { record },
        () => keyOf({ record }),
        async () => {
          asked.push(record['id'] ?? null);
          await Promise.resolve();
          return ask === undefined ? { of: record['id'] ?? null } : ask();
        },
        signal,
      ),
    /** Asks for many with one round trip. */
    all: (records: readonly JsonRecord[], give?: (ids: readonly Json[]) => (Json | Error)[]) =>
      made.getAll(
        records.map((record) => ({ record })),
        keyOf,
        async (missing) => {
          const ids = missing.map(({ record }) => record['id'] ?? null);
          asked.push(ids);
          await Promise.resolve();
          return give === undefined ? ids.map((of) => ({ of })) : give(ids);
        },
        forever,
      ),
  };
}

/** Fails when the signal aborts. */
function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => reject(new Error('stopped'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
  });
}

describe('answers for one record', () => {
  it('asks once for a key', async () => {
    const { one, asked } = asking();

    const given = [await one({ id: 1 }), await one({ id: 2 }), await one({ id: 1 })];

    expect(given).toEqual([{ of: 1 }, { of: 2 }, { of: 1 }]);
    expect(asked).toEqual([1, 2]);
  });

  it('asks once for a key that many want at the same time', async () => {
    const { one, asked } = asking();

    const given = await Promise.all(Array.from({ length: 100 }, (_, id) => one({ id: id % 3 })));

    expect(asked).toEqual([0, 1, 2]);
    expect(given[4]).toEqual({ of: 1 });
  });

  it.each([undefined, { ...on, enabled: false }])(
    'asks for every record with %j',
    async (cache) => {
      const { one, asked } = askingWith(cache);

      await Promise.all([one({ id: 1 }), one({ id: 1 })]);

      expect(asked).toEqual([1, 1]);
    },
  );

  it('keeps null, which is an answer', async () => {
    const { one, asked } = asking();
    const none = () => Promise.resolve(null);

    const given = [await one({ id: 1 }, none), await one({ id: 1 }, none)];

    expect(given).toEqual([null, null]);
    expect(asked).toEqual([1]);
  });

  it('keeps no error, and throws it to all who wait', async () => {
    const { one, asked } = asking();
    const fails = () => Promise.reject(new Error('down'));

    const given = await Promise.allSettled([one({ id: 1 }, fails), one({ id: 1 }, fails)]);
    const again = await one({ id: 1 });

    expect(given.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(again).toEqual({ of: 1 });
    expect(asked).toEqual([1, 1]);
  });

  it('keeps no error that is thrown at once', async () => {
    const { made } = asking();
    const scope = { record: {} };
    const fails = () => {
      throw new Error('at once');
    };

    await expect(made.get(scope, () => 'a', fails, forever)).rejects.toThrow('at once');
    await expect(
      made.get(
        scope,
        () => 'a',
        () => Promise.resolve(1),
        forever,
      ),
    ).resolves.toBe(1);
  });

  it('asks again when an answer is too old, or had to go', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { one, asked } = asking({ ...on, maxSize: 1, ttlSeconds: 10 });

    await one({ id: 1 });
    vi.advanceTimersByTime(10_000);
    await one({ id: 1 });
    await one({ id: 2 });
    await one({ id: 1 });

    expect(asked).toEqual([1, 1, 2, 1]);
  });

  it('goes on without the one who asked first, when that one is stopped', async () => {
    const { one, asked } = asking();
    const first = new AbortController();
    const stopped = one({ id: 1 }, () => endOf(first.signal), first.signal);
    const joined = [one({ id: 1 }), one({ id: 1 })];

    first.abort();

    await expect(stopped).rejects.toThrow('stopped');
    await expect(Promise.all(joined)).resolves.toEqual([{ of: 1 }, { of: 1 }]);
    expect(asked).toEqual([1, 1]);
  });

  it('stops to wait for another when its own signal aborts', async () => {
    const { one } = asking();
    const { promise, resolve } = Promise.withResolvers<Json>();
    const own = new AbortController();
    const first = one({ id: 1 }, () => promise);
    const joined = one({ id: 1 }, undefined, own.signal);

    own.abort(new Error('enough'));

    await expect(joined).rejects.toThrow('enough');
    resolve('late');
    await expect(first).resolves.toBe('late');
  });
});

describe('answers for many records', () => {
  it('asks in one go for what is missing, each key once', async () => {
    const { all, asked } = asking();
    await all([{ id: 2 }]);

    const given = await all([{ id: 1 }, { id: 2 }, { id: 1 }, { id: 3 }]);

    expect(given).toEqual([{ of: 1 }, { of: 2 }, { of: 1 }, { of: 3 }]);
    expect(asked).toEqual([[2], [1, 3]]);
  });

  it('asks nothing when everything is known, and nothing for nothing', async () => {
    const { all, asked } = asking();
    await all([{ id: 1 }]);

    const given = [await all([{ id: 1 }]), await all([])];

    expect(given).toEqual([[{ of: 1 }], []]);
    expect(asked).toEqual([[1]]);
  });

  it('gives all records to one call when the cache is off', async () => {
    const { all, asked } = asking({ ...on, enabled: false });

    const given = await all([{ id: 1 }, { id: 1 }]);

    expect(given).toEqual([{ of: 1 }, { of: 1 }]);
    expect(asked).toEqual([[1, 1]]);
  });

  it('answers a batch of which no more fits into the cache', async () => {
    const { all, asked } = asking({ ...on, maxSize: 2 });
    const records = Array.from({ length: 50 }, (_, id) => ({ id }));

    const given = await all([...records, ...records]);

    expect(given).toEqual([...records, ...records].map(({ id }) => ({ of: id })));
    expect(asked).toHaveLength(1);
  });

  it('joins a call that is on its way', async () => {
    const { one, all, asked } = asking();

    const [first, many] = await Promise.all([one({ id: 1 }), all([{ id: 1 }, { id: 2 }])]);

    expect([first, many]).toEqual([{ of: 1 }, [{ of: 1 }, { of: 2 }]]);
    expect(asked).toEqual([1, [2]]);
  });

  it('gives an error for the records that have none, and keeps it not', async () => {
    const { all, asked } = asking();
    const bad = new Error('no such');

    const given = await all([{ id: 1 }, { id: 2 }, { id: 1 }], ([, two]) => [
      bad,
      { of: two ?? 0 },
    ]);
    const again = await all([{ id: 1 }, { id: 2 }]);

    expect(given).toEqual([bad, { of: 2 }, bad]);
    expect(again).toEqual([{ of: 1 }, { of: 2 }]);
    expect(asked).toEqual([[1, 2], [1]]);
  });

  it('gives the error of the whole call for each', async () => {
    const { all } = asking();

    const given = await all([{ id: 1 }, { id: 2 }], () => {
      throw new Error('down');
    });

    expect(given.map(String)).toEqual(['Error: down', 'Error: down']);
  });

  it('trusts no call that gives another number of answers', async () => {
    const { all } = asking();

    const given = await all([{ id: 1 }, { id: 2 }], () => [{}]);

    expect(given).toEqual([
      expect.objectContaining({ code: 'call.wrong-count' }),
      expect.objectContaining({ code: 'call.wrong-count' }),
    ]);
  });

  it('asks again, one by one, for what somebody else was stopped at', async () => {
    const { one, all, asked } = asking();
    const first = new AbortController();
    const stopped = one({ id: 1 }, () => endOf(first.signal), first.signal);
    const many = all([{ id: 1 }, { id: 2 }]);

    first.abort();

    await expect(stopped).rejects.toThrow('stopped');
    await expect(many).resolves.toEqual([{ of: 1 }, { of: 2 }]);
    expect(asked).toEqual([1, [2], [1]]);
  });
});

describe('cache.key', () => {
  it('tells answers apart', async () => {
    const { one, asked } = asking({ ...on, key: '{{ record.group }}' });

    await one({ id: 1, group: 'a' });
    await one({ id: 2, group: 'a' });
    await one({ id: 3, group: 'b' });

    expect(asked).toEqual([1, 3]);
  });

  it.each(['{{ record.group.name }}', '{{ record.group }}'])(
    'gives way to the standard key where %j gives nothing, and says so once',
    async (key) => {
      const { one, asked, warnings } = asking({ ...on, key });

      for (const id of [1, 2, 1, 2]) await one({ id });

      expect(asked).toEqual([1, 2]);
      expect(warnings).toEqual([
        expect.stringMatching(/^cache key cannot be rendered, using the default key: /),
      ]);
    },
  );

  it('cannot be made to look like a standard key by a record', async () => {
    const { one, asked } = asking({ ...on, key: '{{ record.group }}' });

    await one({ id: 1 });
    await one({ id: 2, group: 'standard 1' });
    await one({ id: 3, group: '1' });

    expect(asked).toEqual([1, 2, 3]);
  });

  it('is compiled when the filter is made', () => {
    expect(() => asking({ ...on, key: '{{ record. }}' })).toThrow(
      expect.objectContaining({ code: 'template.syntax', pointer: '/cache/key' }),
    );
  });
});
