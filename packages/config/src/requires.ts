import { type Catalog, kinds, type Manifest } from './catalog.ts';
import type { Checked } from './checks.ts';
import { join } from './pointer.ts';
import type { Found } from './problems.ts';

/**
 * Compares the versions that a document asks for with those that are installed: of every plugin with
 * that type, whatever its kind.
 */
export async function checkRequired(
  { draft, options: { requires } }: Pick<Checked, 'draft' | 'options'>,
  catalog: Catalog,
): Promise<Found[]> {
  const wanted = Object.entries(requires);
  if (wanted.length === 0) return [];
  const { default: semver } = await import('semver');
  return wanted.flatMap(([type, range]) => {
    const pointer = join(draft.pointerOf('requires'), type);
    if (semver.validRange(range) === null) {
      return [
        { code: 'config.requires', pointer, message: 'expected a version range, such as "^1.2"' },
      ];
    }
    const installed = kinds.flatMap((kind) => catalog.find(kind, type) ?? []);
    if (installed.length === 0) {
      return [
        {
          code: 'config.requires',
          pointer,
          message: `requires "${type}" ${range}, which is not installed`,
        },
      ];
    }
    return installed
      .filter(({ version }) => !semver.satisfies(version, range, { includePrerelease: true }))
      .map((manifest) => mismatch(manifest, range, pointer));
  });
}

function mismatch(manifest: Manifest, range: string, pointer: string): Found {
  return {
    code: 'config.requires',
    pointer,
    message: `requires ${manifest.kind} "${manifest.type}" ${range}, installed is ${manifest.version} (${manifest.package})`,
    expected: range,
    actual: manifest.version,
    hint: `Install one that fits: pnpm add "${manifest.package}@${range}"`,
  };
}
