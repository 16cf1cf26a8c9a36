/**
 * Makes what is generated and committed: `schema.json` and README regions of every plugin, and
 * `docs/reference/`. With `--write` it writes them; without, it says which are stale. A path narrows
 * it: `check-fresh.ts --write plugins/filters/set`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { schemaFrom, schemaText } from '@cannectors/testkit/checks';
import { commandPage } from './reference/command-page.ts';
import { configTable } from './reference/config-table.ts';
import { exampleList } from './reference/example-list.ts';
import { faultPage } from './reference/fault-list.ts';
import { pluginIndex, pluginPage } from './reference/plugin-page.ts';
import { withRegion } from './reference/regions.ts';
import { type Package, packagesIn, put, root } from './workspace.ts';

/** What should stand where, and what stands in the way of saying so. */
export interface Generated {
  /** Text by path, relative to the root. */
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** Makes every generated file of a workspace; touches nothing of it. */
export async function generate(base: string = root): Promise<Generated> {
  const packages = packagesIn(base);
  const plugins = packages.filter(({ folder }) => folder.startsWith('plugins/'));
  const files = new Map<string, string>();
  const problems: string[] = [];

  for (const plugin of plugins) {
    try {
      const config = await configOf(plugin, base);
      files.set(`${plugin.folder}/schema.json`, schemaText(config));
      const readme = readmeOf(plugin, config, base);
      files.set(`${plugin.folder}/README.md`, readme);
      files.set(
        `docs/reference/${plugin.folder.replace('plugins/', '')}.md`,
        `${pluginPage(plugin, readme)}\n`,
      );
    } catch (error) {
      problems.push(`${plugin.folder}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  files.set('docs/reference/README.md', `${pluginIndex(plugins)}\n`);
  const command = commandPage(base);
  if (command !== undefined) files.set('docs/reference/command-line.md', `${command}\n`);
  files.set('docs/reference/faults.md', `${faultPage(packages, base)}\n`);
  return { files: formatted(files), problems };
}

/** Files that are not as they should be, pages that nothing makes any more included. */
export function staleFiles({ files, problems }: Generated, base: string = root): string[] {
  const stale = [...files].filter(([file, text]) => textOf(path.join(base, file)) !== text);
  // A plugin that could not be read has made no page, which is no reason to remove the old one.
  if (problems.length > 0) return stale.map(([file]) => file);
  const orphans = globSync('docs/reference/**/*.md', { cwd: base })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !files.has(file));
  return [...stale.map(([file]) => file), ...orphans];
}

async function configOf(plugin: Package, base: string): Promise<object> {
  const file = path.join(base, plugin.folder, 'src/config.ts');
  if (!existsSync(file)) throw new Error('There is no src/config.ts to make schema.json of.');
  const { config } = (await import(pathToFileURL(file).href)) as { config?: object };
  if (config === undefined) throw new Error('src/config.ts exports no `config`.');
  return config;
}

function readmeOf(plugin: Package, config: object, base: string): string {
  const text = textOf(path.join(base, plugin.folder, 'README.md'));
  if (text === undefined) throw new Error('There is no README.md.');
  const withTable = withRegion(text, 'config', configTable(schemaFrom(config)));
  return withRegion(withTable, 'examples', exampleList(plugin, base));
}

/** The files as the formatter writes them, so that `fix` and this check agree. */
function formatted(files: ReadonlyMap<string, string>): Map<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cannectors-fresh-'));
  try {
    for (const [file, text] of files) put(path.join(folder, file), text);
    const oxfmt = path.join(root, 'node_modules/.bin/oxfmt');
    execFileSync(oxfmt, ['-c', path.join(root, '.oxfmtrc.json'), '.'], {
      cwd: folder,
      stdio: 'pipe',
    });
    return new Map([...files.keys()].map((file) => [file, textOf(path.join(folder, file)) ?? '']));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

if (import.meta.main) {
  const generated = await generate();
  const [prefix = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  const stale = staleFiles(generated).filter((file) => file.startsWith(prefix));
  const isWriting = process.argv.includes('--write');
  const problems = generated.problems.filter((problem) => problem.startsWith(prefix));
  for (const problem of problems) console.error(problem);
  for (const file of stale) {
    const text = generated.files.get(file);
    if (!isWriting) console.error(`${file} is stale: \`pnpm fix\` makes it again.`);
    else if (text === undefined) rmSync(path.join(root, file));
    else put(path.join(root, file), text);
    if (isWriting) console.log(`${text === undefined ? 'removed' : 'written'}: ${file}`);
  }
  const isBad = problems.length > 0 || (stale.length > 0 && !isWriting);
  process.exitCode = isBad ? 1 : 0;
}
