import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as yaml from 'yaml';
import { root } from '../workspace.ts';
import { bundle } from './bundle.ts';

/** The names have to be written out: what CommonJS exports is not known before it runs. */
const names = Object.keys(yaml).filter((name) => name !== 'default' && name !== 'module.exports');

const dist = 'packages/config/dist/src';

/**
 * Puts YAML beside the built config as one file, and lets the built modules import that: the package
 * is some eighty files, which take most of the time that `validate` needs to start.
 */
export async function vendorYaml(base: string = root): Promise<void> {
  const folder = path.join(base, dist);
  const vendored = path.join(folder, 'vendor/yaml.js');
  await bundle({ code: `export { ${names.join(', ')} } from 'yaml';`, file: vendored });
  for (const file of globSync('**/*.js', { cwd: folder })) {
    const full = path.join(folder, file);
    if (full === vendored) continue;
    const text = readFileSync(full, 'utf8');
    const from = path.relative(path.dirname(full), vendored).replaceAll(path.sep, '/');
    const changed = text.replaceAll(/(from\s+|import\()(['"])yaml\2/g, `$1$2./${from}$2`);
    if (changed !== text) writeFileSync(full, changed);
  }
}
