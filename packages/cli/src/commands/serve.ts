import { readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { ExitCode, Invocation } from '../commands.ts';

const server = '@cannectors/server';

/** What the server package exports. */
interface Server {
  serve(this: void, words: readonly string[], options: { readonly bin: string }): Promise<ExitCode>;
}

/** Hands over to the server, which is a package of its own: a CLI without it stays small. */
export async function serve({ words, bin }: Invocation): Promise<ExitCode> {
  const entry = declaredBy(`${pathToFileURL(process.cwd()).href}/`) ?? declaredBy(bin);
  if (entry === undefined) {
    process.stderr.write(
      `\`cannectors serve\` needs the package \`${server}\`.\n  → npm install ${server}\n`,
    );
    return 3;
  }
  const { serve: run } = (await import(pathToFileURL(entry).href)) as Server;
  return await run(words, { bin });
}

/** Found like a plugin: through the declared dependencies of the package that a place belongs to. */
function declaredBy(place: string): string | undefined {
  try {
    const file = findPackageJSON(place) ?? '';
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      object | undefined
    >;
    const isDeclared = Object.hasOwn({ ...dependencies, ...devDependencies }, server);
    return isDeclared ? createRequire(file).resolve(server) : undefined;
  } catch {
    return undefined; // No package there, or the server is declared and not installed: the hint fits.
  }
}
