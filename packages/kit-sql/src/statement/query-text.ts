import { readFileSync } from 'node:fs';
import type { Context } from '@cannectors/core';
import type { StatementConfig } from '../config.ts';
import { emptyQuery, noQueryFile, outsideQueryFile } from './faults.ts';

/** The statement as it was written, and where in the config it comes from. */
export interface QueryText {
  readonly source: string;
  readonly pointer: '/query' | '/queryFile';
}

/** @throws `sql.no-query-file`, `sql.query-file-outside`, `sql.empty-query` */
export function queryText(
  { query, queryFile = '' }: StatementConfig,
  context: Pick<Context, 'file'>,
): QueryText {
  const pointer = query === undefined ? '/queryFile' : '/query';
  const source = query ?? contentOf(queryFile, context);
  if (source.trim() === '') throw emptyQuery(pointer);
  return { source, pointer };
}

function contentOf(file: string, context: Pick<Context, 'file'>): string {
  if (file.split(/[/\\]/).includes('..')) throw outsideQueryFile(file);
  try {
    return readFileSync(context.file(file), 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw noQueryFile(file, error);
  }
}
