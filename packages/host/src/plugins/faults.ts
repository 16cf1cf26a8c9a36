import type { Manifest } from '@cannectors/config';
import { apiVersion, Fault } from '@cannectors/core';
import { reasonOf } from '../reason-of.ts';
import type { Package } from './manifest.ts';

/** A `package.json` is there and cannot be read, or is not a JSON object. */
export function brokenPackage(file: string, cause: unknown): Fault {
  return new Fault('plugin.bad-package', `\`${file}\` is not a package.json: ${reasonOf(cause)}.`, {
    category: 'validation',
    hint: 'Repair the file; the plugins that it declares are not found.',
    cause,
  });
}

/** The `cannectors` block of a package is not a manifest. */
export function brokenManifest({ name, version, file }: Package, expected: string): Fault {
  return new Fault(
    'plugin.bad-manifest',
    `The manifest of \`${name}\` ${version} does not fit: ${expected} (\`${file}\`).`,
    { category: 'validation', hint: 'Tell the author of the package, or remove it.' },
  );
}

/** The schema that a manifest names cannot be read. */
export function brokenSchema({ name, version }: Package, file: string, cause: unknown): Fault {
  return new Fault(
    'plugin.bad-schema',
    `The schema of \`${name}\` ${version} cannot be read: ${reasonOf(cause)} (\`${file}\`).`,
    { category: 'validation', hint: 'Install the package again.', cause },
  );
}

/** A plugin is written for another version of the contract. */
export function otherContract(manifest: Manifest, exported?: number): Fault {
  const { package: name, version } = manifest;
  const theirs =
    exported === undefined
      ? `${manifest.apiVersion}`
      : `${manifest.apiVersion} by its manifest and for ${exported} by its code`;
  return new Fault(
    'plugin.contract',
    `\`${name}\` ${version} is written for contract ${theirs}; this cannectors speaks contract ${apiVersion}.`,
    {
      category: 'validation',
      hint: `Install a version of \`${name}\` for contract ${apiVersion}.`,
    },
  );
}

/** Two packages claim one type in one major. */
export function twoPackages(type: string, one: Manifest, other: Manifest): Fault {
  return new Fault(
    'plugin.two-packages',
    `\`${one.package}\` ${one.version} and \`${other.package}\` ${other.version} both are the ${one.kind} \`${type}\`.`,
    { category: 'validation', hint: 'Remove one of the two packages.' },
  );
}

/** The code of a plugin cannot be imported. */
export function pluginFailed({ package: name, version }: Manifest, cause: unknown): Fault {
  return new Fault(
    'plugin.failed',
    `\`${name}\` ${version} cannot be loaded: ${reasonOf(cause)}.`,
    {
      category: 'validation',
      hint: 'Install the package again.',
      cause,
    },
  );
}

/** The default export of a plugin is not what its manifest says. */
export function wrongExport({ package: name, version, kind }: Manifest, plugin: unknown): Fault {
  const found =
    typeof plugin === 'object' && plugin !== null && 'kind' in plugin
      ? `\`${String(plugin.kind)}\``
      : 'something else';
  return new Fault(
    'plugin.wrong-export',
    `\`${name}\` ${version} is the kind \`${kind}\` by its manifest, and its default export is ${found}.`,
    { category: 'validation', hint: 'Tell the author of the package.' },
  );
}
