import { expect, it } from 'vitest';
import { Fault, type Filter } from '../src/index.ts';
import { closePlan, nestedChain, start } from '../src/run.ts';
import { bench, chunk, inputOf, logTo, sink } from './synthetic.ts';

/** A filter that says when it is opened and closed. */
function speaking(name: string, said: string[], more: Partial<Filter> = {}): Filter {
  return {
    each: (item) => item,
    open: async () => void said.push(`open ${name}`),
    close: () => void said.push(`close ${name}`),
    ...more,
  };
}

function stageOf(filter: Filter) {
  return {
    type: 'probe',
    path: 'filters[0].then[0]',
    onError: 'fail',
    log: logTo([]),
    filter,
    logged: 'mark',
    failure: 'probe error',
  } as const;
}

it('opens filters before anything is read, also in a dry run, and those of nested chains', async () => {
  const said: string[] = [];
  const input = inputOf([chunk([1])], { open: async () => void said.push('open input') });
  const { plan, options } = bench({
    input,
    filters: [speaking('one', said)],
    outputs: { sink: sink() },
  });
  nestedChain([stageOf(speaking('two', said))], plan.scope);
  const dryRun = { previewLimit: 1, showCredentials: false };

  const result = await start(plan, { ...options, dryRun }).result;
  await start(plan, options).result;
  await closePlan(plan);

  expect(result.status).toBe('success');
  expect(said).toEqual(['open one', 'open two', 'open input', 'close one']);
});

it.each([false, true])(
  'reads nothing when a filter cannot be opened (nested: %s)',
  async (isNested) => {
    let reads = 0;
    const input = inputOf([]);
    const read: typeof input.read = (from) => {
      reads++;
      return input.read(from);
    };
    const filter = speaking('one', [], {
      open: () => Promise.reject(new Fault('probe.away', 'It is away.', { category: 'network' })),
    });
    const { plan, options } = bench({
      input: { ...input, read },
      filters: isNested ? [] : [filter],
      outputs: { sink: sink() },
    });
    if (isNested) nestedChain([stageOf(filter)], plan.scope);

    const result = await start(plan, options).result;

    expect(result).toMatchObject({
      status: 'error',
      error: {
        code: 'FILTER_FAILED',
        module: 'probe',
        message: 'It is away.',
        details: { fault: 'probe.away', path: isNested ? 'filters[0].then[0]' : 'filters[0]' },
      },
    });
    expect(reads).toBe(0);
  },
);
