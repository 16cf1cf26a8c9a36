import { discover } from '@cannectors/host';
import { columns } from '../columns.ts';
import type { ExitCode, Invocation } from '../commands.ts';
import { reportInstallation } from '../configuration.ts';
import { jsonText } from '../json-text.ts';
import { printable } from '../printable.ts';
import { terminal } from '../terminal.ts';

/** Lists the installed plugins: of the project, then of the bundle. */
export async function plugins({ flags, bin }: Invocation): Promise<ExitCode> {
  const screen = terminal(flags);
  const installed = await discover({ folder: process.cwd(), command: bin });
  const list = installed.list().map((manifest) => ({
    kind: manifest.kind,
    type: manifest.type,
    aliases: manifest.aliases,
    package: manifest.package,
    version: manifest.version,
    apiVersion: manifest.apiVersion,
    description: manifest.description,
    from: manifest.from,
  }));
  reportInstallation(installed, screen);
  if (flags.json) {
    screen.result(`${jsonText(list)}\n`);
    return 0;
  }
  const rows = list.map((plugin) => [
    plugin.kind,
    [plugin.type, ...plugin.aliases].join(', '),
    `${plugin.package} ${plugin.version}`,
    plugin.from,
  ]);
  screen.result(printable(`${columns(rows).join('\n')}\n`));
  return 0;
}
