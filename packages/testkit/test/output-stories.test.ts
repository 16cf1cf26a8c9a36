import {
  defineOutput,
  Fault,
  type Output,
  type OutputPlugin,
  type JsonRecord,
} from '@cannectors/core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OutputDriver } from '../src/drivers.ts';
import { outputStories } from '../src/stories/output.ts';
import collect from './fixtures/collect-output/src/index.ts';
import { sound, spoiled } from './spoiled.ts';

let arrived: JsonRecord[] = [];
let refused: JsonRecord | undefined;
let isFailing = false;

const driver: OutputDriver = {
  config: {},
  records: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }],
  arrange() {
    arrived = [];
    refused = undefined;
    isFailing = false;
  },
  observe: () => arrived,
  refuse(record) {
    refused = record;
  },
  fail() {
    isFailing = true;
  },
  stall: () => ({ reached: Promise.resolve() }),
};

type Write = Output['write'];
const bad = (): Fault => new Fault('a.refused', 'It is refused.', { category: 'validation' });

const soundWrite: Write = async ({ items, failFast }, signal) => {
  signal.throwIfAborted();
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
  if (isFailing) {
    isFailing = false;
    throw new Fault('a.down', 'It is down.', { category: 'network' });
  }
  const rejected = [];
  for (const [index, { record }] of items.entries()) {
    if (record['id'] === refused?.['id']) {
      rejected.push({ index, fault: bad() });
      if (failFast) {
        return { rejected, unsent: items.map((_, at) => at).filter((at) => at > index) };
      }
    } else arrived.push(structuredClone(record));
  }
  return { rejected };
};

/** Tells one story about an output that is written on the spot. */
async function told(
  title: string,
  write: Write,
  more: Partial<Output> = {},
  readme?: string,
): Promise<string> {
  const plugin = defineOutput({
    config: { type: 'object' },
    create: () => ({ write, ...more }),
  }) as OutputPlugin;
  const given = collect as OutputPlugin;
  const subject =
    readme === undefined
      ? sound('collect-output', given)
      : spoiled('collect-output', given, { 'README.md': readme });
  return (await outputStories(driver)[title]!({ ...subject, plugin }, driver)).join('\n');
}

beforeEach(() => driver.arrange());

describe('the stories of an output', () => {
  it.each(Object.keys(outputStories(driver)))('%s: find nothing in a sound one', async (title) => {
    const preview: Output['preview'] = ({ items }) => items.map(() => ({ title: 'Send' }));

    expect(await told(title, soundWrite, { preview })).toBe('');
  });

  it('find one that changes what it is given', async () => {
    const write: Write = ({ items }) => {
      for (const { record } of items) record['sent'] = true;
      return Promise.resolve();
    };

    await expect(told('delivers every record, in order, and changes none', write)).rejects.toThrow(
      TypeError,
    );
  });

  it('find a lost record, and another order', async () => {
    const lossy: Write = (batch, signal) =>
      soundWrite({ ...batch, items: batch.items.slice(1) }, signal);
    const turned: Write = (batch, signal) =>
      soundWrite({ ...batch, items: batch.items.toReversed() }, signal);
    const title = 'delivers every record, in order, and changes none';

    expect(await told(title, lossy)).toMatch(/2 missing/);
    expect(await told(title, turned)).toMatch(/the order is another/);
  });

  it('find a request for an empty batch', async () => {
    const write: Write = () => {
      arrived.push({ empty: true });
      return Promise.resolve();
    };

    expect(await told('sends nothing for an empty batch', write)).toMatch(/An empty batch became/);
  });

  it('find a refusal that is not named, or named wrongly', async () => {
    const title = 'names the records that the destination refused';
    const silent: Write = async (batch, signal) => void (await soundWrite(batch, signal));
    const shifted: Write = async (batch, signal) => {
      const { rejected = [] } = (await soundWrite(batch, signal)) ?? {};
      return { rejected: rejected.map(({ fault }) => ({ index: 0, fault })) };
    };
    const twice: Write = async (batch, signal) => {
      const { rejected = [] } = (await soundWrite(batch, signal)) ?? {};
      return { rejected: [...rejected, ...rejected] };
    };
    const throwing: Write = async (batch, signal) => {
      const { rejected = [] } = (await soundWrite(batch, signal)) ?? {};
      if (rejected[0]) throw rejected[0].fault;
    };
    const faultless: Write = () =>
      Promise.resolve({ rejected: [{ index: 99, fault: 'no' as unknown as Fault }] });

    expect(await told(title, silent)).toMatch(/index 2, is not among the rejected/);
    expect(await told(title, shifted)).toMatch(/Of the records not named/);
    expect(await told(title, twice)).toMatch(/named twice/);
    expect(await told(title, throwing)).toMatch(/`write` threw, though 3 records had arrived/);
    expect(await told(title, faultless)).toMatch(
      /an index that the batch does not have\.\nA rejection has no fault/,
    );
  });

  it('find records left out without a word', async () => {
    const write: Write = async (batch, signal) => {
      const { rejected = [] } = (await soundWrite(batch, signal)) ?? {};
      return { rejected };
    };

    expect(await told('names those it left out after the first refusal', write)).toMatch(
      /1 missing/,
    );
  });

  it('find a failure that nobody hears of', async () => {
    const write: Write = async (batch, signal) => {
      await soundWrite(batch, signal).catch(() => undefined);
    };

    expect(await told('can repeat a batch after a fault', write)).toMatch(
      /says that it took everything/,
    );
  });

  it('find a second attempt that fails too', async () => {
    const write: Write = () => Promise.reject(new Fault('a.down', 'It is down.'));

    expect(await told('can repeat a batch after a fault', write)).toMatch(
      /The second attempt fails too/,
    );
  });

  it('find duplicates that the README does not own up to', async () => {
    const write: Write = async (batch, signal) => {
      if (isFailing) arrived.push(structuredClone(batch.items[0]!.record));
      return await soundWrite(batch, signal);
    };
    const title = 'can repeat a batch after a fault';

    expect(await told(title, write, {}, '## Delivery\n\nExactly what one expects.\n')).toMatch(
      /1 records arrived twice/,
    );
    expect(await told(title, write)).toBe('');
  });

  it('find a preview that delivers, or shows nothing', async () => {
    const title = 'previews without touching anything';
    const preview: Output['preview'] = ({ items }) => {
      for (const { record } of items) arrived.push(record);
      return [];
    };

    expect(await told(title, soundWrite, { preview })).toMatch(
      /has delivered 4 records\.\n`preview` shows nothing/,
    );
  });

  it('find one that does not listen to the signal', async () => {
    const deaf: Write = (batch) => soundWrite(batch, new AbortController().signal);

    expect(await told('writes nothing once it is aborted', deaf)).toMatch(
      /has delivered 4 records/,
    );
    expect(await told('stops a write that is aborted', deaf)).toMatch(
      /says that it took everything/,
    );
  });
});
