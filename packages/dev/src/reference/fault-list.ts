import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type FaultEntry, faultsIn } from '@cannectors/testkit/checks';
import { filesOf, type Package, root } from '../workspace.ts';

interface ListedFault extends FaultEntry {
  readonly from: string;
}

/** The page of all faults: every `faults.ts`, sorted by code. */
export function faultPage(packages: readonly Package[], base: string = root): string {
  const faults = packages.flatMap((one) => faultsOf(one, base)).toSorted(byCode);
  const entries = Map.groupBy(faults, ({ code }) => code);
  return [
    '# Faults',
    'Every code that a log line, a result or a problem may bear. Messages may change; codes do not.',
    ...[...entries].map(([code, all]) => entry(code, all)),
    '## Of modules that say no code',
    'A module that throws something else than a fault fails with one of these.',
    bullets(codesIn(packages, base, /faultOf\([^,()]+,\s*'([A-Z_]+)'\)/g)),
    '## Problems of a document',
    'Told with file, line and column; the message says what was expected there.',
    bullets(codesIn(packages, base, /'((?:config|parse|env)\.[a-z-]+)'/g)),
  ].join('\n\n');
}

/** The codes in the sources that a pattern finds, sorted. */
function codesIn(packages: readonly Package[], base: string, pattern: RegExp): string[] {
  const found = packages
    .filter(({ folder }) => folder === 'packages/core' || folder === 'packages/config')
    .flatMap((one) =>
      filesOf(one, 'src/**/*.ts', base).map((file) => path.join(base, one.folder, file)),
    )
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(pattern)])
    .map((match) => match[1] ?? '');
  return [...new Set(found)].toSorted((a, b) => (a < b ? -1 : 1));
}

function bullets(codes: readonly string[]): string {
  return codes.map((code) => `- \`${code}\``).join('\n');
}

function entry(code: string, all: readonly ListedFault[]): string {
  const from = [...new Set(all.map((fault) => `\`${fault.from}\``))].join(', ');
  const text = [...new Set(all.map(({ docstring }) => prose(docstring)))].join('\n\n');
  return `## \`${code}\`\n\n${text}\n\nFrom ${from}.`;
}

function faultsOf(one: Package, base: string): ListedFault[] {
  return filesOf(one, 'src/**/faults.ts', base).flatMap((file) => {
    const source = readFileSync(path.join(base, one.folder, file), 'utf8');
    return faultsIn(source).map((fault) => ({ ...fault, from: one.manifest.name }));
  });
}

/** The docstring without its tags, which speak to those who read the source. */
function prose(docstring: string): string {
  return docstring.split(/\n@/)[0]?.trim() ?? '';
}

function byCode(a: ListedFault, b: ListedFault): number {
  return a.code < b.code ? -1 : a.code > b.code ? 1 : 0;
}
