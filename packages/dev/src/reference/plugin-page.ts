import type { Package } from '../workspace.ts';

/** The page of a plugin: what its manifest says, then its README. */
export function pluginPage({ manifest, folder }: Package, readme: string): string {
  const { kind = '', type = '', aliases = [] } = manifest.cannectors ?? {};
  const [, ...rest] = readme.split(/^# .*$/m);
  const also = aliases.length > 0 ? `, also ${aliases.map((one) => `\`${one}\``).join(', ')}` : '';
  return [
    `# \`${type}\` (${kind})`,
    `\`type: ${type}\`${also} · package \`${manifest.name}\` · source \`${folder}\``,
    rest
      .join('')
      .trim()
      .replaceAll(/<!-- (\/?generated.*?) -->\n*/g, ''),
  ].join('\n\n');
}

/** The list of the plugins, as a page. */
export function pluginIndex(plugins: readonly Package[]): string {
  const rows = plugins.map(({ manifest, folder }) => {
    const { kind = '', type = '' } = manifest.cannectors ?? {};
    const page = `${folder.replace('plugins/', '')}.md`;
    return `| ${kind} | [\`${type}\`](./${page}) | ${manifest.description ?? ''} |`;
  });
  return [
    '# Reference',
    'Made from the sources: a page for each plugin, the [faults](./faults.md), the [command line](./command-line.md).',
    ['| Kind | Type | |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}
