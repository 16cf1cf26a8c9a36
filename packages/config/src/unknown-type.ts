import { type Catalog, type Kind, kinds } from './catalog.ts';
import type { Found } from './problems.ts';
import { nearest } from './suggest.ts';

/** What the project itself publishes: these packages bear its scope. */
const published: Readonly<Record<Kind, readonly string[]>> = {
  input: 'httpPolling soapPolling webhook database file'.split(' '),
  filter:
    'mapping condition drop loop set remove script javascript http_call soap_call sql_call split aggregate'.split(
      ' ',
    ),
  output: 'httpRequest soapRequest database file console'.split(' '),
};

interface Wanted {
  readonly type: string;
  readonly kind: Kind;
  /** `input`, `filter[0]`. */
  readonly label: string;
  readonly pointer: string;
}

/** No installed plugin has the type: says which there are, and which package may be missing. */
export function unknownType(catalog: Catalog, { type, kind, label, pointer }: Wanted): Found {
  const ofKind = catalog.list().filter((manifest) => manifest.kind === kind);
  const types = [...new Set(ofKind.map(({ type }) => type))].toSorted();
  const supported = types.length > 0 ? types.join(', ') : 'none is installed';
  return {
    code: 'config.unknown-type',
    pointer,
    message: `invalid ${label} configuration: type "${type}" is unknown, supported ${kind} types: ${supported}`,
    expected: types,
    actual: type,
    hint: hintFor(type, kind, types, catalog),
  };
}

function hintFor(type: string, kind: Kind, types: readonly string[], catalog: Catalog): string {
  const [bare = type, major] = type.split('@');
  const installed = catalog.find(kind, bare);
  if (major !== undefined && installed) {
    const { package: found, version } = installed;
    return `Installed is ${found}@${version}; add major ${major} under another name: pnpm add ${found}-${major}@npm:${found}@${major}`;
  }
  const name = nameOf(kind, bare);
  if (published[kind].includes(bare)) return `Install it: pnpm add @cannectors/${name}`;
  const other = kinds.find((other) => catalog.find(other, type));
  if (other) return `"${type}" is a type of ${other}.`;
  const near = nearest(type, [...types, ...published[kind]]);
  if (near === undefined) {
    return `Install the package that brings it, by its usual name: pnpm add cannectors-${name}`;
  }
  const install = ` Install it: pnpm add @cannectors/${nameOf(kind, near)}`;
  return `did you mean "${near}"?${types.includes(near) ? '' : install}`;
}

/** The name of a package by the naming rule: `input-http-polling`. */
function nameOf(kind: Kind, type: string): string {
  const kebab = type
    .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${kind}-${kebab}`;
}
