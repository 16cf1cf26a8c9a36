import type { Name, Plan } from './plan.ts';

/** An output that appends its records to a file. */
export function output({ type, file }: Name): Plan {
  return {
    description: 'Appends every record to a file, as a line of JSON.',
    use: 'path: ./records.ndjson',
    dependencies: { '@cannectors/kit-record': 'workspace:^' },
    files: {
      'src/config.ts': `import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    path: Type.String({ minLength: 1, description: 'File to append to.' }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
`,
      [`src/${file}.ts`]: `import { appendFile } from 'node:fs/promises';
import type { Item, Output } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';
import type { Config } from './config.ts';

export function ${type}({ path }: Config): Output {
  const line = ({ record }: Item): string => \`\${jsonText(record)}\\n\`;

  return {
    async write({ items }, signal) {
      signal.throwIfAborted();
      // A batch is one write, and durable when it returns.
      await appendFile(path, items.map(line).join(''), { flush: true });
    },

    preview: ({ items }) =>
      items.map(({ record }) => ({ title: \`Append to \${path}\`, detail: record })),
  };
}
`,
      'examples/append-records.yaml': `title: Append records to a file
config:
  path: records.ndjson
given:
  - { id: 1 }
  - { id: 2 }
then: |
  {"id":1}
  {"id":2}
`,
      [`test/${file}.test.ts`]: `import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonRecord } from '@cannectors/core';
import { testOutput } from '@cannectors/testkit';
import { afterAll } from 'vitest';
import plugin from '../src/index.ts';

const folder = mkdtempSync(path.join(tmpdir(), '${file}-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = path.join(folder, 'records.ndjson');
const lines = (): string[] => readFileSync(file, 'utf8').split('\\n').slice(0, -1);

testOutput(plugin, import.meta.url, {
  config: { path: file },
  arrange: () => writeFileSync(file, ''),
  observe: () => lines().map((line) => JSON.parse(line) as JsonRecord),
  example({ config }) {
    writeFileSync(file, '');
    return { config: { ...config, path: file }, observe: () => readFileSync(file, 'utf8') };
  },
});
`,
    },
  };
}
