import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from '@cannectors/core';
import { onTestFinished } from 'vitest';
import { type Subject, subjectOf } from '../src/subject.ts';

/** What to change in a fixture: a text for the whole file, or a function of what it holds. */
export type Edits = Readonly<Record<string, string | null | ((text: string) => string)>>;

/** A copy of a fixture with edits, as the suite sees it. `null` removes a file. */
export function spoiled<P extends Plugin>(fixture: string, plugin: P, edits: Edits): Subject<P> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cannectors-spoiled-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url)), folder, {
    recursive: true,
  });
  for (const [file, edit] of Object.entries(edits)) {
    const full = path.join(folder, file);
    if (edit === null) rmSync(full);
    else writeFileSync(full, typeof edit === 'string' ? edit : edit(readFileSync(full, 'utf8')));
  }
  return subjectOf(plugin, pathToFileURL(path.join(folder, 'test.ts')).href);
}

/** A fixture as it is. */
export function sound<P extends Plugin>(fixture: string, plugin: P): Subject<P> {
  return subjectOf(plugin, new URL(`fixtures/${fixture}/test.ts`, import.meta.url).href);
}
