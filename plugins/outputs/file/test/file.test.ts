import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonRecord } from '@cannectors/core';
import { parseJson, textOf } from '@cannectors/kit-record';
import { testOutput } from '@cannectors/testkit';
import { parse } from 'csv-parse/sync';
import { afterAll } from 'vitest';
import plugin from '../src/index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'output-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const formats = ['ndjson', 'csv'].flatMap((format) =>
  ['append', 'replace'].map((mode) => ({ format, mode })),
);

for (const { format, mode } of formats) {
  const file = path.join(folder, mode, `records.${format}`);
  const isCsv = format === 'csv';

  testOutput(plugin, import.meta.url, {
    config: { path: file, mode },
    arrange: () => rmSync(path.dirname(file), { recursive: true, force: true }),
    observe: () => (existsSync(file) ? recordsIn(readFileSync(file, 'utf8'), isCsv) : []),
    ...(isCsv && {
      expected: (records) =>
        records.map(({ id, name }) => ({ id: textOf(id), name: textOf(name) })),
    }),
    example({ file: name, config }) {
      const place = path.join(folder, name, config['path'] as string);
      rmSync(place, { force: true });
      return { config: { ...config, path: place }, observe: () => readFileSync(place, 'utf8') };
    },
    refuses: {
      'refuses a file of unknown format': {
        config: { path: 'orders.txt' },
        refuses: { code: 'file.unknown-format', pointer: '/path' },
      },
      'refuses a path that looks like a template': {
        config: { path: '{{ record.id }}.ndjson' },
        refuses: { code: 'file.templated-path', pointer: '/path' },
      },
      'refuses a column that nothing may read': {
        config: { path: 'a.csv', csv: { columns: { 'a/b': 'constructor' } } },
        refuses: { code: 'record.forbidden-key', pointer: '/csv/columns/a~1b' },
      },
    },
  });
}

function recordsIn(text: string, isCsv: boolean): JsonRecord[] {
  if (isCsv) return parse(text, { columns: true }) as JsonRecord[];
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => parseJson(line) as JsonRecord);
}
