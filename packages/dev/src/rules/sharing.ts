import type { Package } from '../workspace.ts';

/** Kits that exist from day one, whoever uses them. */
const fromDayOne = new Set(['@cannectors/kit-record', '@cannectors/kit-template']);

/** Kits that nobody shares, and packages that depend on each other in a circle. */
export function sharingProblems(packages: readonly Package[]): string[] {
  const uses = new Map(
    packages.map(({ manifest }) => [
      manifest.name,
      Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    ]),
  );
  const lonely = packages
    .filter(({ folder, manifest }) => folder.includes('/kit-') && !fromDayOne.has(manifest.name))
    .flatMap(({ folder, manifest }) => {
      const users = [...uses].filter(([, names]) => names.includes(manifest.name)).length;
      return users < 2
        ? [
            `${folder}: a kit is born on the second use; it has ${users} dependent${users === 1 ? '' : 's'}`,
          ]
        : [];
    });
  return [...lonely, ...circles(uses)];
}

function circles(uses: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set<string>();
  const walk = (name: string, trail: readonly string[]): void => {
    const from = trail.indexOf(name);
    if (from >= 0) {
      const circle = trail.slice(from);
      // The same circle is met from each of its members; it is told once.
      const first = circle.indexOf(circle.toSorted()[0] ?? name);
      const told = [...circle.slice(first), ...circle.slice(0, first)];
      found.add(
        `${told.join(' → ')} → ${told[0] ?? ''}: packages depend on each other in a circle`,
      );
      return;
    }
    for (const next of uses.get(name) ?? []) if (uses.has(next)) walk(next, [...trail, name]);
  };
  for (const name of uses.keys()) walk(name, []);
  return [...found];
}
