import type { Name, Plan } from './plan.ts';

/** A filter that writes `true` into every record. */
export function filter({ type, file }: Name): Plan {
  return {
    description: 'Marks every record.',
    use: 'target: seen',
    dependencies: { '@cannectors/kit-record': 'workspace:^' },
    files: {
      'src/config.ts': `import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    target: pathField({ description: 'Where to write.', examples: ['seen', 'customer.seen'] }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
`,
      [`src/${file}.ts`]: `import type { Filter } from '@cannectors/core';
import { targetPath } from '@cannectors/kit-record';
import type { Config } from './config.ts';

export function ${type}({ target }: Config): Filter {
  const path = targetPath(target, '/target');

  return {
    each(item) {
      path.set(item.record, true);
      return item;
    },
  };
}
`,
      'examples/mark-every-record.yaml': `title: Mark every record
config:
  target: seen
given:
  - { id: 1 }
then:
  - { id: 1, seen: true }
`,
      [`test/${file}.test.ts`]: `import { testFilter } from '@cannectors/testkit';
import plugin from '../src/index.ts';

testFilter(plugin, import.meta.url, {
  'makes the objects on the way': {
    config: { target: 'customer.seen' },
    given: [{ id: 1 }],
    then: [{ id: 1, customer: { seen: true } }],
  },
  'refuses to write error markers': {
    config: { target: '_errors' },
    refuses: { code: 'record.reserved', pointer: '/target' },
  },
});
`,
    },
  };
}
