/** What config has to know of the installed plugins. Host gives it; config reads no files. */
export interface Catalog {
  /** Finds a plugin by its type, an alias, or `type@major`. */
  find(kind: Kind, type: string): Manifest | undefined;
  /** Every installed plugin. */
  list(): readonly Manifest[];
}

export type Kind = 'input' | 'filter' | 'output';

export const kinds: readonly Kind[] = ['input', 'filter', 'output'];

/** What a package says about its plugin, read without running it. */
export interface Manifest {
  readonly kind: Kind;
  readonly type: string;
  readonly aliases: readonly string[];
  readonly package: string;
  readonly version: string;
  readonly apiVersion: number;
  readonly description: string;
  readonly from: 'project' | 'bundle';
  /** The JSON Schema of the config (read on first use). */
  schema(): SchemaObject;
  /** A validator made at build time, if the package has one beside its schema. */
  validator?(): unknown;
}

export interface SchemaObject {
  readonly [key: string]: unknown;
  readonly properties?: Readonly<Record<string, SchemaObject>>;
}
