import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonRecord } from '@cannectors/core';
import { textOf } from '@cannectors/kit-record';
import { testInput } from '@cannectors/testkit';
import { afterAll } from 'vitest';
import plugin from '../src/index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'input-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Format {
  readonly config: JsonRecord;
  readonly text: (records: readonly JsonRecord[]) => string;
  readonly expected?: (records: readonly JsonRecord[]) => readonly JsonRecord[];
}

const formats: Record<string, Format> = {
  ndjson: {
    config: {},
    text: (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  },
  json: {
    config: { dataField: 'list' },
    text: (records) => JSON.stringify({ list: records }),
  },
  csv: {
    config: {},
    text: (records) => `id,name\n${rowsOf(records).join('')}`,
    expected: (records) => records.map(({ id, name }) => ({ id: textOf(id), name: textOf(name) })),
  },
};

for (const [format, { config, text, ...rest }] of Object.entries(formats)) {
  const file = path.join(folder, `records.${format}`);

  testInput(plugin, import.meta.url, {
    config: { ...config, path: file, statePersistence: { offset: { enabled: true } } },
    arrange: (records) => writeFileSync(file, text(records)),
    ...rest,
    observe: () => openFiles().filter((name) => name === file).length,
    example({ config: given, given: content }) {
      const example = path.join(folder, given['path'] as string);
      writeFileSync(example, content as string);
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

function rowsOf(records: readonly JsonRecord[]): string[] {
  return records.map((record) => `${Object.values(record).map(textOf).join(',')}\n`);
}

/** Names of the files that this process has open; none where the system does not tell. */
function openFiles(): string[] {
  const table = '/proc/self/fd';
  if (!existsSync(table)) return [];
  return readdirSync(table).flatMap((descriptor) => {
    try {
      return [readlinkSync(path.join(table, descriptor))];
    } catch {
      return [];
    }
  });
}
