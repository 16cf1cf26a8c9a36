import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { put } from '../src/workspace.ts';

/** Makes a folder with these files, and removes it after the test. An object is written as JSON. */
export function folderWith(files: Readonly<Record<string, string | object>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cannectors-dev-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, content] of Object.entries(files)) {
    put(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** The files of a small plugin that breaks no rule. */
export function pluginFiles(
  folder: string,
  manifest: Readonly<Record<string, unknown>> = {},
): Record<string, string | object> {
  const [, ring = 'filters', name = ''] = folder.split('/');
  const kind = ring.slice(0, -1);
  const type = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return {
    [`${folder}/package.json`]: {
      name: `@cannectors/${kind}-${name}`,
      peerDependencies: { '@cannectors/core': 'workspace:^' },
      devDependencies: { '@cannectors/testkit': 'workspace:^', typebox: 'catalog:' },
      cannectors: { apiVersion: 1, kind, type, aliases: [], schema: './schema.json' },
      ...manifest,
    },
    [`${folder}/src/index.ts`]: "import { defineFilter } from '@cannectors/core';\n",
    [`${folder}/src/config.ts`]: "import { Type } from 'typebox';\n",
    [`${folder}/src/${name}.ts`]: "import type { Config } from './config.ts';\n",
  };
}
