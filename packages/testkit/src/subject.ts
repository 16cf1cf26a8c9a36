import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonRecord, Plugin } from '@cannectors/core';

/** A plugin under test: the value, and the package around it. */
export interface Subject<P extends Plugin = Plugin> {
  readonly plugin: P;
  /** Absolute path of the package. */
  readonly folder: string;
  /** Absolute path of the folder of the test file: relative files of a case lie here. */
  readonly testFolder: string;
  readonly manifest: PackageManifest;
}

/** What the suite reads of a `package.json`. */
export interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly type?: string;
  readonly license?: string;
  readonly exports?: unknown;
  readonly files?: readonly string[];
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly cannectors?: {
    readonly apiVersion?: unknown;
    readonly kind?: unknown;
    readonly type?: unknown;
    readonly aliases?: unknown;
    readonly schema?: unknown;
  };
}

/**
 * Finds the package that a test file belongs to: the nearest folder at or above it whose
 * `package.json` has a `cannectors` block.
 *
 * @param testUrl `import.meta.url` of the test file
 * @throws an Error that says what is missing
 */
export function subjectOf<P extends Plugin>(plugin: P, testUrl: string): Subject<P> {
  const testFolder = path.dirname(fileURLToPath(testUrl));
  for (let folder = testFolder; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file)) {
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as PackageManifest;
      if (manifest.cannectors !== undefined) return { plugin, folder, testFolder, manifest };
    }
    if (folder === path.dirname(folder)) break;
  }
  throw new Error(
    `No package.json at or above ${testFolder} has a \`cannectors\` block, which says what the plugin is.`,
  );
}

/** Text of a file of the package; `undefined` if there is none. */
export function textIn(subject: Subject, file: string): string | undefined {
  const full = path.join(subject.folder, file);
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
}

/** Where the manifest says that the schema is. */
export function schemaFile(subject: Subject): string {
  const { schema } = subject.manifest.cannectors ?? {};
  return typeof schema === 'string' ? schema : './schema.json';
}

/** The JSON Schema of the plugin's config, as its code gives it. */
export function schemaOf(subject: Subject): JsonRecord {
  return subject.plugin.config as JsonRecord;
}
