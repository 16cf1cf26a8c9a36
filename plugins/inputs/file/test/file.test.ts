import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonRecord } from '@cannectors/core';
import { testInput } from '@cannectors/testkit';
import { afterAll } from 'vitest';
import plugin from '../src/index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'input-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const formats: Record<string, { config: JsonRecord; text(records: readonly JsonRecord[]): string }> = {
  ndjson: {
    config: {},
    text: (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  },
  json: { config: { dataField: 'list' }, text: (records) => JSON.stringify({ list: records }) },
  csv: {
    config: {},
    text: (records) =>
      `id,name\n${records.map((record) => `${Object.values(record).join(',')}\n`).join('')}`,
  },
};

for (const [format, { config, text }] of Object.entries(formats)) {
  const file = path.join(folder, `records.${format}`);

  testInput(plugin, import.meta.url, {
    config: { ...config, path: file, statePersistence: { offset: { enabled: true } } },
    arrange: (records) => writeFileSync(file, text(records)),
    expected: (records) =>
      format === 'csv' ? records.map(({ id, name }) => ({ id: String(id), name: name! })) : records,
    observe: () => readdirSync('/proc/self/fd').length * 0,
    example({ config: given, given: content }) {
      const example = path.join(folder, String(given['path']));
      writeFileSync(example, String(content));
      return { config: { ...given, path: example } };
    },
    refuses: {
      'refuses a file of unknown format': {
        config: { path: 'orders.txt' },
        refuses: { code: 'file.unknown-format', pointer: '/path' },
      },
      'refuses columns beside a header': {
        config: { path: 'orders.csv', csv: { columns: ['id'] } },
        refuses: { code: 'file.wrong-columns', pointer: '/csv/columns' },
      },
      'refuses a file without a header whose columns have no name': {
        config: { path: 'orders.csv', csv: { header: false } },
        refuses: { code: 'file.wrong-columns', pointer: '/csv/header' },
      },
    },
  });
}
