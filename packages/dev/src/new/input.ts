import type { Name, Plan } from './plan.ts';

/** An input that hands over the records that stand in its config. */
export function input({ type, file }: Name): Plan {
  return {
    description: 'Hands over the records that stand in the pipeline.',
    use: 'records: [{ id: 1 }, { id: 2 }]',
    dependencies: {},
    files: {
      'src/config.ts': `import type { JsonRecord } from '@cannectors/core';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    records: Type.Array(Type.Unsafe<JsonRecord>({ type: 'object', additionalProperties: true }), {
      description: 'The records, in order.',
    }),
    chunkRecords: Type.Integer({ minimum: 1, default: 100, description: 'Records in one chunk.' }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
`,
      [`src/${file}.ts`]: `import { type Input, itemOf } from '@cannectors/core';
import type { Config } from './config.ts';

/** What the state file holds: the number of records that were handed over. */
interface Checkpoint {
  readonly offset: number;
}

export function ${type}({ records, chunkRecords }: Config): Input {
  let isClosed = false;

  return {
    async *read({ checkpoint, signal }) {
      const { offset } = (checkpoint ?? { offset: 0 }) as unknown as Checkpoint;
      for (let at = offset; at < records.length; at += chunkRecords) {
        if (isClosed || signal.aborted) return;
        const part = records.slice(at, at + chunkRecords);
        // A filter owns what it gets, so it gets copies.
        const items = part.map((record) => itemOf(structuredClone(record)));
        yield await Promise.resolve({ items, checkpoint: { offset: at + part.length } });
      }
    },

    async close() {
      isClosed = true;
      await Promise.resolve();
    },
  };
}
`,
      'examples/two-records.yaml': `title: Hand over two records
config:
  records:
    - { id: 1 }
    - { id: 2 }
then:
  - { id: 1 }
  - { id: 2 }
`,
      [`test/${file}.test.ts`]: `import type { JsonRecord } from '@cannectors/core';
import { testInput } from '@cannectors/testkit';
import plugin from '../src/index.ts';

let records: readonly JsonRecord[] = [];

testInput(plugin, import.meta.url, {
  config: () => ({ records: [...records], chunkRecords: 10 }),
  arrange(given) {
    records = given;
  },
  example: ({ config }) => ({ config }),
  refuses: {
    'refuses chunks of nothing': {
      config: { records: [], chunkRecords: 0 },
      refuses: { code: 'config.range', pointer: '/chunkRecords' },
    },
  },
});
`,
    },
  };
}
