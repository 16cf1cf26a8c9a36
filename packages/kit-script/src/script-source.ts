import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Context } from '@cannectors/core';
import { badFileName, empty, notCompiled, notOne, tooLong, unreadableFile } from './faults.ts';
import type { Mode, Script } from './messages.ts';
import { syntaxOf } from './syntax.ts';

const mostBytes = 102_400;

/** Where a script is written. */
export interface Written {
  /** Its text, if it stands in the pipeline. */
  readonly text: string | undefined;
  readonly file: string | undefined;
  /** Key of the text: `script` or `inline`. */
  readonly key: string;
}

/**
 * Reads and checks a script, and runs nothing of it. Of a batch script, ES modules are taken too.
 *
 * @throws `script.not-one-source`, `SCRIPT_EMPTY`, `SCRIPT_TOO_LONG`, `COMPILATION_FAILED`,
 *   `INVALID_SCRIPT_FILE`, `SCRIPT_FILE_READ_FAILED`
 * @see spec/connectors/filters.md, section 8
 */
export function scriptSource(
  { text: inline, file, key }: Written,
  mode: Mode,
  context: Pick<Context, 'file' | 'log'>,
): Script {
  if ((inline === undefined) === (file === undefined)) throw notOne(key, `/${key}`);
  const pointer = file === undefined ? `/${key}` : '/scriptFile';
  const text = inline ?? contentOf(file ?? '', pointer, context);
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes) throw tooLong(bytes, mostBytes, pointer);
  if (text.trim() === '') throw empty(pointer);
  const syntax = syntaxOf(text, mode === 'batch');
  if ('problem' in syntax) throw notCompiled(syntax.problem, pointer);
  const name = file === undefined ? 'inline' : path.basename(file);
  return { text, name, isModule: syntax.isModule };
}

function contentOf(file: string, pointer: string, context: Pick<Context, 'file' | 'log'>): string {
  if (file.split(/[/\\]/).includes('..')) throw badFileName(file, pointer);
  if (path.isAbsolute(file)) context.log.warn('scriptFile uses absolute path', { file });
  try {
    return readFileSync(context.file(file), 'utf8');
  } catch (error) {
    throw unreadableFile(file, error, pointer);
  }
}
