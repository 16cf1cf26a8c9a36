import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Makes a project with an output `count`, which only counts and stops the process after `COUNT`. */
export function countingProject(folder: string): void {
  const plugin = path.join(folder, 'node_modules/output-count');
  mkdirSync(plugin, { recursive: true });
  const put = (file: string, content: object): void => writeFileSync(file, JSON.stringify(content));
  put(path.join(folder, 'package.json'), { dependencies: { 'output-count': '1.0.0' } });
  put(path.join(plugin, 'schema.json'), { type: 'object', additionalProperties: false });
  put(path.join(plugin, 'package.json'), {
    name: 'output-count',
    version: '1.0.0',
    type: 'module',
    exports: {
      '.': './index.js',
      './schema.json': './schema.json',
      './package.json': './package.json',
    },
    cannectors: {
      apiVersion: 1,
      kind: 'output',
      type: 'count',
      aliases: [],
      schema: './schema.json',
    },
  });
  writeFileSync(path.join(plugin, 'index.js'), code);
}

const code = `
let left = Number(process.env.COUNT);
export default {
  kind: 'output',
  apiVersion: 1,
  config: { type: 'object' },
  create: () => ({
    async write({ items }) {
      left -= items.length;
      if (left === 0) process.kill(process.pid, 'SIGTERM');
    },
  }),
};
`;
