import { type EachFilter, Fault, type JsonRecord } from '@cannectors/core';
import { fakeContext, testFilter } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import { condition } from '../src/condition.ts';
import plugin from '../src/index.ts';

const drop = [{ type: 'drop' }];
const mark = (value: string) => [{ type: 'set', target: 'mark', value }];

const cases: Parameters<typeof testFilter>[2] = {
  'sends each record through the branch that fits': {
    config: { expression: 'amount > 100', then: mark('large'), else: mark('small') },
    given: [{ amount: 200 }, { amount: 20 }],
    then: [
      { amount: 200, mark: 'large' },
      { amount: 20, mark: 'small' },
    ],
  },
  'changes nothing without a branch': {
    config: { expression: 'amount > 100', then: [] },
    given: [{ amount: 200 }, { amount: 20 }],
    then: [{ amount: 200 }, { amount: 20 }],
  },
  'keeps the order when a branch drops': {
    config: { expression: 'id % 2 == 0', then: drop },
    given: [],
    then: [],
  },
  'takes nil, 0 and what is empty for false': {
    config: { expression: 'value', then: mark('true'), else: mark('false') },
    given: [
      {},
      { value: null },
      { value: 0 },
      { value: '' },
      { value: [] },
      { value: {} },
      { value: 'no' },
      { value: [0] },
    ],
    then: [
      { mark: 'false' },
      { value: null, mark: 'false' },
      { value: 0, mark: 'false' },
      { value: '', mark: 'false' },
      { value: [], mark: 'false' },
      { value: {}, mark: 'false' },
      { value: 'no', mark: 'true' },
      { value: [0], mark: 'true' },
    ],
  },
  'goes as deep as it is written': {
    config: {
      expression: 'country == "FR"',
      then: [
        { type: 'condition', expression: 'amount > 100', then: mark('fr-large'), else: drop },
        { type: 'set', target: 'seen', value: true },
      ],
      else: mark('abroad'),
    },
    given: [
      { country: 'FR', amount: 200 },
      { country: 'FR', amount: 20 },
      { country: 'DE', amount: 200 },
    ],
    then: [
      { country: 'FR', amount: 200, mark: 'fr-large', seen: true },
      { country: 'DE', amount: 200, mark: 'abroad' },
    ],
  },
  'reads error markers and meta data as keys': {
    config: { expression: '_errors != nil and _errors[0].retryable == false', then: drop },
    given: [{ id: 1, _errors: [{ retryable: false }] }, { id: 2 }],
    then: [{ id: 2 }],
  },
  'refuses an empty expression': {
    config: { expression: '' },
    refuses: { code: 'config.length', pointer: '/expression' },
  },
  'refuses what does not compile': {
    config: { expression: 'status = "paid"' },
    refuses: { code: 'expression.syntax', pointer: '/expression' },
  },
  'refuses a branch that is no list': {
    config: { expression: 'true', then: { type: 'drop' } },
    refuses: { code: 'config.type', pointer: '/then' },
  },
  'fails when there is no value': {
    config: { expression: 'amount > 100', then: drop },
    given: [{ amount: 200 }, {}],
    fails: { code: 'EVALUATION_FAILED' },
  },
  'lets the fault of a branch through': {
    config: { expression: 'true', then: [{ type: 'fail', code: 'branch.failed' }] },
    given: [{ id: 1 }],
    fails: { code: 'branch.failed' },
  },
};

testFilter(plugin, import.meta.url, cases, { filters: { condition: plugin } });

const { signal } = new AbortController();
const itemWith = (record: JsonRecord) => ({ record, meta: {} });
const stepOf = (config: Partial<Parameters<typeof condition>[0]>, context = fakeContext()) =>
  condition({ expression: 'true', then: [], else: [], ...config }, context);

describe('a record that the expression has no value for', () => {
  it('is told by its number, with the cause and the way out', () => {
    const filter = stepOf({ expression: 'customer.tier == "gold"' });

    expect(() => filter.each(itemWith({}), signal, 7)).toThrow(
      expect.objectContaining({
        code: 'EVALUATION_FAILED',
        category: 'unknown',
        message:
          'condition evaluation failed at record 7: cannot fetch tier from nil in `customer.tier`.',
        hint: expect.stringContaining('?.'),
        details: {
          expression: 'customer.tier == "gold"',
          underlying_error: 'cannot fetch tier from nil in `customer.tier`.',
          record_index: 7,
        },
      }),
    );
  });

  it('is dropped by `onError: log`, as in existing pipelines', () => {
    expect(plugin.logged).toBe('drop');
  });
});

describe('a branch', () => {
  it('passes a failing step over when the condition itself is lenient', async () => {
    const steps = [{ type: 'fail', code: 'branch.failed' }, ...mark('later')].map((step) => ({
      ...step,
      enabled: true,
    }));
    const filter = stepOf({ then: steps }, fakeContext({ onError: 'skip' }));

    const result = await filter.each(itemWith({ id: 1 }), signal, 0);

    expect(result).toMatchObject({ record: { id: 1, mark: 'later' } });
  });

  it('numbers its records from 0, since each comes alone', () => {
    const numbers: number[] = [];
    const chain: EachFilter = {
      each(item, _signal, index) {
        numbers.push(index);
        return item;
      },
    };
    const filter = stepOf({ then: mark('x') }, { ...fakeContext(), filters: () => chain });

    void filter.each(itemWith({}), signal, 41);

    expect(numbers).toEqual([0]);
  });

  it.each([
    ['no branch waits', [undefined, undefined], undefined],
    ['one branch waits', [undefined, 4], 4],
    ['both wait', [8, 4], 8],
  ])('keeps it synchronous unless it waits: %s', (_title, [yes, no], expected) => {
    const chain = (concurrency: number | undefined): EachFilter => ({
      ...(concurrency !== undefined && { concurrency }),
      each: (item) => item,
    });
    const context = {
      ...fakeContext(),
      filters: (_steps: readonly unknown[], pointer: string) =>
        chain(pointer === '/then' ? yes : no),
    };

    expect(stepOf({ then: drop, else: drop }, context).concurrency).toBe(expected);
  });

  it('is closed with the condition', async () => {
    const closed: string[] = [];
    const context = {
      ...fakeContext(),
      filters: (_steps: readonly unknown[], pointer: string): EachFilter => ({
        each: (item) => item,
        close: () => void closed.push(pointer),
      }),
    };

    await stepOf({ then: drop, else: drop }, context).close?.();

    expect(closed).toEqual(['/then', '/else']);
  });

  it('may give several records', async () => {
    const twice: EachFilter = { each: (item) => [item, itemWith({ id: 2 })] };
    const filter = stepOf({ then: drop }, { ...fakeContext(), filters: () => twice });

    expect(await filter.each(itemWith({ id: 1 }), signal, 0)).toHaveLength(2);
  });

  it('has its faults pass unchanged', () => {
    const fault = new Fault('test.failed', 'The step fails.');
    const failing: EachFilter = {
      each() {
        throw fault;
      },
    };
    const filter = stepOf({ then: drop }, { ...fakeContext(), filters: () => failing });

    expect(() => filter.each(itemWith({}), signal, 0)).toThrow(fault);
  });
});
