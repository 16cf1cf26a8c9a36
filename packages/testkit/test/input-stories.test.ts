import {
  type Chunk,
  defineInput,
  type Input,
  type InputPlugin,
  itemOf,
  type JsonRecord,
} from '@cannectors/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { InputDriver } from '../src/drivers.ts';
import { inputStories } from '../src/stories/input.ts';
import { soonMs } from '../src/within.ts';
import pages from './fixtures/pages-input/src/index.ts';
import { sound } from './spoiled.ts';

let source: readonly JsonRecord[] = [];
const driver: InputDriver = {
  config: {},
  records: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }],
  arrange(records) {
    source = records;
  },
};

type Read = Input['read'];

/** Two records a chunk, and a checkpoint that counts them. */
function chunk(from: number): Chunk {
  const items = source.slice(from, from + 2).map((record) => itemOf(structuredClone(record)));
  return { items, checkpoint: { offset: from + items.length } };
}

const soundRead: Read = async function* read({ checkpoint, signal }) {
  const { offset } = (checkpoint ?? { offset: 0 }) as { offset: number };
  for (let at = offset; at < source.length && !signal.aborted; at += 2) {
    yield chunk(at);
    await Promise.resolve();
  }
};

/** Tells one story about an input that is written on the spot. */
async function told(
  title: string,
  read: Read,
  more: Partial<Input & InputDriver> = {},
): Promise<string> {
  const { observe, cannotResume, endless, ...rest } = more;
  const plugin = defineInput({
    config: { type: 'object' },
    create: () => ({ read, ...rest }),
  }) as InputPlugin;
  const subject = { ...sound('pages-input', pages as InputPlugin), plugin };
  const withPowers: InputDriver = {
    ...driver,
    ...(observe && { observe }),
    ...(cannotResume !== undefined && { cannotResume }),
    ...(endless === true && { endless }),
  };
  return (await inputStories(withPowers)[title]!(subject, withPowers)).join('\n');
}

describe('the stories of an input', () => {
  it.each(Object.keys(inputStories(driver)))('%s: find nothing in a sound one', async (title) => {
    let isClosed = false;
    const read: Read = async function* read(from) {
      for await (const one of soundRead(from)) {
        if (isClosed) return;
        yield one;
      }
    };
    const close = async (): Promise<void> => {
      isClosed = true;
      await Promise.resolve();
    };

    expect(await told(title, read, title.includes('after close') ? { close } : {})).toBe('');
  });

  it('find a lost record', async () => {
    const read: Read = async function* read(from) {
      for await (const one of soundRead(from)) yield { ...one, items: one.items.slice(0, 1) };
    };

    expect(await told('reads every record, in order', read)).toMatch(
      /2 missing, the first is {"id":2}/,
    );
  });

  it('find another order', async () => {
    const read: Read = async function* read(from) {
      for await (const one of soundRead(from)) yield { ...one, items: one.items.toReversed() };
    };

    expect(await told('reads every record, in order', read)).toMatch(
      /the order is another from index 0/,
    );
  });

  it('find a connection that stays open', async () => {
    const problems = await told('reads every record, in order', soundRead, { observe: () => 1 });

    expect(problems).toMatch(/1 connections or files are open/);
  });

  it('find a checkpoint that is ahead of its chunk', async () => {
    const read: Read = async function* read(from) {
      for await (const one of soundRead(from)) {
        const { offset } = one.checkpoint as { offset: number };
        yield { ...one, checkpoint: { offset: offset + 1 } };
      }
    };

    expect(await told('resumes from every chunk boundary without losing a record', read)).toMatch(
      /After chunk 0 \({"offset":3}\) 1 records are lost, the first is {"id":3}/,
    );
  });

  it('find a missing checkpoint', async () => {
    const read: Read = async function* read(from) {
      for await (const { items } of soundRead(from)) yield { items };
    };
    const title = 'resumes from every chunk boundary without losing a record';

    expect(await told(title, read)).toMatch(/No chunk has a checkpoint/);
    expect(inputStories({ ...driver, cannotResume: 'it is a feed' })).not.toHaveProperty(title);
  });

  it('find a checkpoint that no file can hold', async () => {
    const read: Read = async function* read(from) {
      for await (const one of soundRead(from)) {
        yield { ...one, checkpoint: { at: new Date(0) as unknown as string } };
      }
    };

    expect(await told('resumes from every chunk boundary without losing a record', read)).toMatch(
      /checkpoint of chunk 0 is not plain JSON/,
    );
  });

  it('find a checkpoint that is no object', async () => {
    const read: Read = async function* read({ signal }) {
      for await (const { items } of soundRead({ signal })) yield { items, checkpoint: 7 };
    };

    expect(await told('resumes from every chunk boundary without losing a record', read)).toMatch(
      /checkpoint of chunk 0 is no JSON object/,
    );
  });

  it('find one that does not see what came later', async () => {
    const read: Read = async function* read(from) {
      if (from.checkpoint === undefined) yield* soundRead(from);
    };

    expect(await told('reads after the last checkpoint what came later', read)).toMatch(
      /2 records that came after {"offset":3}/,
    );
  });

  it('find records after close', async () => {
    expect(await told('yields nothing after close', soundRead)).toMatch(/yields records after/);
  });

  it('find an empty source that gives something', async () => {
    const read: Read = async function* read() {
      yield { items: [itemOf({ note: 'nothing here' })] };
      await Promise.resolve();
    };

    expect(await told('ends quietly when the source is empty', read)).toMatch(
      /gave {"note":"nothing here"}/,
    );
  });

  it('find one that reads on when it is told to stop', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    // It never looks at the signal.
    const read: Read = async function* read() {
      yield chunk(0);
      await new Promise(() => undefined);
    };

    const problems = told('is interruptible', read);
    await vi.advanceTimersByTimeAsync(soonMs);

    expect(await problems).toMatch(/goes on 5000 ms after/);
  });

  it('read an endless input until its records have come', async () => {
    const read: Read = async function* read({ signal }) {
      let sent = 0;
      while (!signal.aborted) {
        if (sent < source.length) {
          yield chunk(sent);
          sent += 2;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    source = [];

    expect(await told('reads every record, in order', read, { endless: true })).toBe('');
  });
});
