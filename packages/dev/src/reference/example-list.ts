import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Document, isMap, parseDocument } from 'yaml';
import { filesOf, type Package, root } from '../workspace.ts';

/** The examples of a plugin as Markdown: the YAML as it is written, and what goes in and comes out. */
export function exampleList(plugin: Package, base: string = root): string {
  const { kind = 'filter', type = '' } = plugin.manifest.cannectors ?? {};
  return filesOf(plugin, 'examples/*.yaml', base)
    .map((file) => {
      const text = readFileSync(path.join(base, plugin.folder, file), 'utf8');
      return section(text, kind, type);
    })
    .join('\n\n');
}

function section(text: string, kind: string, type: string): string {
  const example = parseDocument(text);
  const { title, description, given, then } = example.toJS() as Record<string, unknown>;
  const [before, after] =
    kind === 'filter'
      ? ['In', 'Out']
      : kind === 'input'
        ? ['The source holds', 'Records']
        : ['Records', 'What arrives'];
  return [
    `### ${String(title)}`,
    ...(typeof description === 'string' ? [description.trim()] : []),
    fenced('yaml', stepOf(example, kind, type)),
    ...(given === undefined ? [] : [`${before}:`, fenced('', linesOf(given))]),
    ...(then === undefined ? [] : [`${after}:`, fenced('', linesOf(then))]),
  ].join('\n\n');
}

/** The module as it stands in a pipeline. */
function stepOf(example: Document, kind: string, type: string): string {
  const module = new Document({ type });
  const config = example.get('config');
  if (isMap(config) && isMap(module.contents)) {
    for (const pair of config.items) module.contents.items.push(pair);
  }
  const text = module.toString({ lineWidth: 100 });
  if (kind === 'filter') return `filters:\n${indent(text, '  - ', '    ')}`;
  return `${kind}:\n${indent(text, '  ', '  ')}`;
}

function linesOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return JSON.stringify(value, null, 2);
  return value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function indent(text: string, first: string, rest: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line, index) => `${index === 0 ? first : rest}${line}`)
    .join('\n');
}
