import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A temporary folder of one test. */
export interface Workspace {
  readonly folder: string;
  path(file: string): string;
  /** Writes a file: a text as it is, anything else as JSON. */
  write(file: string, content: unknown): string;
  read(file: string): string;
  json(file: string): unknown;
  /** The records of an NDJSON file; none if it is not there. */
  records(file: string): Record<string, unknown>[];
}

/** Makes a folder with files in it, and removes it after the test. */
export function workspace(files: Readonly<Record<string, unknown>> = {}): Workspace {
  const folder = mkdtempSync(path.join(tmpdir(), 'cannectors-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const at = (file: string) => path.join(folder, file);
  const write = (file: string, content: unknown) => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const read = (file: string) => readFileSync(at(file), 'utf8');
  for (const [file, content] of Object.entries(files)) write(file, content);

  return {
    folder,
    path: at,
    write,
    read,
    json: (file) => JSON.parse(read(file)) as unknown,
    records(file) {
      try {
        return read(file)
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Record<string, unknown>);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
  };
}
