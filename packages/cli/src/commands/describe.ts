import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Manifest } from '@cannectors/config';
import { discover, type Installed } from '@cannectors/host';
import type { ExitCode, Invocation } from '../commands.ts';
import { type ConfigKey, configKeys } from '../config-table.ts';
import { severalPlugins, unknownPlugin } from '../faults.ts';
import { jsonText } from '../json-text.ts';
import { suggestion } from '../nearest.ts';
import { printable } from '../printable.ts';
import { terminal } from '../terminal.ts';

const kinds = ['input', 'filter', 'output'] as const;

/** Says what a plugin does, what it guarantees, and what its config accepts. */
export async function describe({ words: [word = ''], flags, bin }: Invocation): Promise<ExitCode> {
  const screen = terminal(flags);
  const installed = await discover({ folder: process.cwd(), command: bin });
  const plugin = pluginOf(word, installed);
  screen.result(
    flags.json
      ? `${jsonText(plugin.schema(), 2)}\n`
      : printable(`${description(plugin, installed.folder(plugin))}\n`),
  );
  return 0;
}

/** @throws `cli.unknown-plugin`, `cli.several-plugins` */
function pluginOf(word: string, installed: Installed): Manifest {
  const [kind, type = ''] = word.includes(':') ? word.split(':', 2) : [undefined, word];
  const wanted = kinds.filter((one) => kind === undefined || one === kind);
  const [plugin, ...rivals] = wanted.flatMap((one) => installed.find(one, type) ?? []);
  if (plugin === undefined) {
    const types = installed.list().flatMap((one) => [one.type, ...one.aliases]);
    throw unknownPlugin(word, suggestion(type, types));
  }
  if (rivals.length === 0) return plugin;
  throw severalPlugins(
    word,
    [plugin, ...rivals].map((one) => `${one.kind}:${type}`),
  );
}

function description(plugin: Manifest, folder: string): string {
  const { kind, type, aliases, package: name, version, from } = plugin;
  const also = aliases.length > 0 ? ` (also ${aliases.join(', ')})` : '';
  return [
    `${kind} ${type}${also}  ${name} ${version}, from the ${from}`,
    plugin.description,
    '',
    ...section('Delivery', deliveryIn(folder)),
    'Config',
    ...configKeys(plugin.schema()).flatMap(keyLines),
  ].join('\n');
}

function keyLines({ key, type, presence, description }: ConfigKey): string[] {
  return [
    `  ${[key, type, presence].filter(Boolean).join('  ')}`,
    `      ${description}`.trimEnd(),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`.trimEnd()), ''];
}

/** The README's section of that name, without the heading. */
function deliveryIn(folder: string): string[] {
  const readme = path.join(folder, 'README.md');
  if (!existsSync(readme)) return [];
  const lines = readFileSync(readme, 'utf8').split('\n');
  const start = lines.findIndex((line) => /^##\s+Delivery\s*$/u.test(line)) + 1;
  if (start === 0) return [];
  const length = lines.slice(start).findIndex((line) => /^##?\s/u.test(line));
  const end = length === -1 ? lines.length : start + length;
  return lines.slice(start, end).join('\n').trim().split('\n');
}
