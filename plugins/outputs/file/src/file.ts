import { resolve } from 'node:path';
import type { Context, Output, OutputBatch, Preview } from '@cannectors/core';
import { appending } from './append.ts';
import type { Config } from './config.ts';
import { templatedPath, unknownFormat } from './faults.ts';
import { formatOf } from './format.ts';
import type { Layout } from './layout.ts';
import { lines } from './lines.ts';
import { replacing } from './replace.ts';
import { rows } from './rows.ts';

/** Lines of a preview. */
const previewLines = 10;

/** Writes records to a file: adds them to it, or replaces it at the end of the run. */
export function file(config: Config, context: Context): Output {
  const { path, mode, csv } = config;
  const format = formatOf(config);
  // `validate` sees the path before the environment is put into it.
  if (format === undefined && !path.includes('${')) throw unknownFormat(path);
  if (/\{\{|\{%/.test(path)) throw templatedPath(path);
  const layout = format === 'csv' ? rows(csv) : lines();
  const place = resolve(path);

  return {
    ...(mode === 'replace' ? replacing(place, layout) : appending(place, layout, context)),
    preview: (batch) => [previewOf(batch, place, mode, layout)],
  };
}

function previewOf(
  { items }: OutputBatch,
  path: string,
  mode: Config['mode'],
  layout: Layout,
): Preview {
  const encoder = layout.begin();
  const shown = items.slice(0, previewLines);
  const head = encoder.head(shown[0]?.record);
  const text = head + shown.map(({ record }) => encoder.line(record)).join('');
  return {
    kind: 'text',
    title: `${mode === 'replace' ? 'Replace' : 'Append to'} ${path}`,
    record_count: items.length,
    detail: text.trimEnd().split('\n').slice(0, previewLines).join('\n'),
  };
}
