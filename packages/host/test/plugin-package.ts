import type { Kind } from '@cannectors/config';

export interface PluginPackage {
  readonly name: string;
  readonly type: string;
  readonly kind?: Kind;
  readonly version?: string;
  readonly aliases?: readonly string[];
  readonly apiVersion?: number;
  readonly schema?: object;
  /** Source of `index.js`; it may use `kind` and `config`. */
  readonly source?: string;
}

/** The files of a plugin package under a folder, as npm would lay them out. */
export function pluginFiles(folder: string, plugin: PluginPackage): Record<string, unknown> {
  const { name, type, kind = 'filter', version = '1.0.0', aliases = [], apiVersion = 1 } = plugin;
  const schema = plugin.schema ?? { type: 'object', additionalProperties: false, properties: {} };
  const create = kind === 'filter' ? '({ each: (item) => item })' : '({})';
  return {
    [`${folder}/package.json`]: {
      name,
      version,
      description: `The ${kind} ${type}.`,
      type: 'module',
      exports: { '.': './index.js' },
      cannectors: { apiVersion, kind, type, aliases, schema: './schema.json' },
    },
    [`${folder}/schema.json`]: schema,
    [`${folder}/index.js`]:
      plugin.source ??
      `export default { kind: '${kind}', apiVersion: ${apiVersion}, config: {}, create: () => ${create} };`,
  };
}
