import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** Bundles a source text into one minified ES module; what it imports is looked up from this package. */
export async function bundle({ code, file }: { code: string; file: string }): Promise<void> {
  const entry = fileURLToPath(new URL('entry.js', import.meta.url));
  const built = await rolldown({
    input: entry,
    platform: 'node',
    logLevel: 'warn',
    plugins: [
      {
        name: 'text',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? { code } : null),
      },
    ],
  });
  try {
    await built.write({ file, format: 'esm', minify: true });
  } finally {
    await built.close();
  }
}
