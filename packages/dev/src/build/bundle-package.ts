import { globSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { minifySync } from 'rolldown/utils';
import { type Package, root } from '../workspace.ts';
import { takeBuiltins } from './builtins.ts';

/** Libraries that are bundled, since they are many files: YAML alone is some eighty. */
const inlined: Readonly<Record<string, readonly string[]>> = { '@cannectors/config': ['yaml'] };

/** Minifies what libraries are in: Node reads all of a module, and compiles of it what is called. */
const smallLibraries: Plugin = {
  name: 'small-libraries',
  renderChunk: (code, { fileName, moduleIds }) =>
    moduleIds.some((id) => id.includes('/node_modules/'))
      ? minifySync(fileName, code, { module: true }).code
      : null,
};

/** What several modules share is one module or a few: to read code in vain costs less than a link. */
const shared = {
  name: 'shared',
  minShareCount: 2,
  entriesAware: true,
  entriesAwareMergeThreshold: 8_000,
};

/**
 * Bundles the sources of a package into one module for each of its doors, in place of the modules that
 * `tsc` wrote to `dist/src`: Node takes about as long to find and link a module as to run a small one.
 * The declarations stay. Other packages are imported as before, so that all share one copy of core;
 * what is imported lazily stays a module of its own.
 */
export async function bundlePackage(
  { folder, manifest }: Package,
  base: string = root,
): Promise<void> {
  const doors = Object.values(manifest.exports ?? {}).filter((file) => file.endsWith('.ts'));
  if (doors.length === 0) return;
  const within = inlined[manifest.name] ?? [];
  const built = await rolldown({
    input: Object.fromEntries(
      doors.map((file) => [path.basename(file, '.ts'), path.join(base, folder, file)]),
    ),
    platform: 'node',
    // Doors are what others import; what else a module exports is nobody's business.
    preserveEntrySignatures: 'allow-extension',
    external: (id) => !/^[./]/.test(id) && !path.isAbsolute(id) && !within.includes(id),
    logLevel: 'warn',
    plugins: [takeBuiltins, smallLibraries],
  });
  const dir = path.join(base, folder, 'dist/src');
  for (const file of globSync('**/*.{js,js.map}', { cwd: dir })) rmSync(path.join(dir, file));
  try {
    await built.write({
      dir,
      format: 'esm',
      chunkFileNames: 'chunks/[name].js',
      codeSplitting: { groups: [shared] },
    });
  } finally {
    await built.close();
  }
}
