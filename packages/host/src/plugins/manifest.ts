import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Kind, Manifest, SchemaObject } from '@cannectors/config';
import { brokenManifest, brokenSchema } from './faults.ts';

/** A `package.json`, as far as discovery reads it. */
export interface Package {
  /** Absolute path of the `package.json`, links resolved: dependencies are looked up from here. */
  readonly file: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly exports: unknown;
  readonly main: string | undefined;
  /** Names of the packages that it runs with, as it calls them. */
  readonly dependencies: readonly string[];
  /** Names of those that it is developed with, too. */
  readonly allDependencies: readonly string[];
  /** The `cannectors` block; `undefined` if it has none. */
  readonly block: unknown;
}

/** A manifest, and the package that it stands in. */
export interface Found {
  readonly manifest: Manifest;
  readonly package: Package;
}

/**
 * Reads a `package.json`.
 *
 * @throws an Error when the file cannot be read, or is not a JSON object
 */
export function readPackage(file: string): Package {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isRecord(json)) throw new TypeError('not a JSON object');
  const names = (key: string): string[] => (isRecord(json[key]) ? Object.keys(json[key]) : []);
  const dependencies = [...names('dependencies'), ...names('optionalDependencies')];
  return {
    file: realpathSync(file),
    name: textOf(json['name']) ?? '',
    version: textOf(json['version']) ?? '0.0.0',
    description: textOf(json['description']) ?? '',
    exports: json['exports'],
    main: textOf(json['main']),
    dependencies,
    allDependencies: [
      ...new Set([...dependencies, ...names('devDependencies'), ...names('peerDependencies')]),
    ],
    block: json['cannectors'],
  };
}

/** Tells whether a package is a list of plugins: its dependencies. */
export function isBundle({ block }: Package): boolean {
  return isRecord(block) && block['kind'] === 'bundle';
}

/**
 * Reads the manifest of a plugin: the `cannectors` block of its `package.json` (D16).
 *
 * @throws `plugin.bad-manifest` when the block has another shape
 */
export function manifestOf(plugin: Package, from: 'project' | 'bundle'): Manifest {
  const { block, file } = plugin;
  if (!isRecord(block)) throw brokenManifest(plugin, 'it has no `cannectors` block');
  const { apiVersion, kind, type, aliases = [], schema = './schema.json' } = block;
  if (!Number.isInteger(apiVersion)) throw brokenManifest(plugin, '`apiVersion` is a whole number');
  if (!isKind(kind)) {
    throw brokenManifest(plugin, '`kind` is one of `input`, `filter`, `output`, `bundle`');
  }
  if (!isWord(type)) throw brokenManifest(plugin, '`type` is a word, as in `httpPolling`');
  if (!Array.isArray(aliases) || !aliases.every(isWord)) {
    throw brokenManifest(plugin, '`aliases` is a list of words');
  }
  if (typeof schema !== 'string') throw brokenManifest(plugin, '`schema` names a file');

  let read: SchemaObject | undefined;
  return {
    kind,
    type,
    aliases,
    package: plugin.name,
    version: plugin.version,
    apiVersion: apiVersion as number,
    description: plugin.description,
    from,
    schema: () => (read ??= schemaIn(plugin, path.join(path.dirname(file), schema))),
    ...packedValidator(plugin),
  };
}

/** Absolute path of the module that `import` of the package gives. */
export function entryOf({ file, exports, main }: Package): string {
  const target = targetOf(isRecord(exports) && '.' in exports ? exports['.'] : exports);
  return path.join(path.dirname(file), target ?? main ?? 'index.js');
}

/** What `import` follows in `exports`; conditions are tried in the order in which they stand. */
function targetOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (!isRecord(entry)) return undefined;
  for (const [condition, target] of Object.entries(entry)) {
    if (!/^(node|node-addons|import|module-sync|default)$/.test(condition)) continue;
    const found = targetOf(target);
    if (found !== undefined) return found;
  }
  return undefined;
}

function schemaIn(plugin: Package, file: string): SchemaObject {
  try {
    const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isRecord(schema)) return schema;
  } catch (error) {
    throw brokenSchema(plugin, file, error);
  }
  throw brokenSchema(plugin, file, new TypeError('not a JSON object'));
}

/** A validator is made when a package is built, so only one that runs from `dist` has a fresh one. */
function packedValidator(plugin: Package): Pick<Manifest, 'validator'> {
  const folder = path.join(path.dirname(plugin.file), 'dist');
  if (!entryOf(plugin).startsWith(folder + path.sep)) return {};
  const file = path.join(folder, 'schema.validate.js');
  if (!existsSync(file)) return {};
  return { validator: () => createRequire(plugin.file)(file) as unknown };
}

function isKind(value: unknown): value is Kind {
  return value === 'input' || value === 'filter' || value === 'output';
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z]\w*(-\w+)*$/.test(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
