import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from '../workspace.ts';

/** The page of the command line: what `cannectors help` prints. Nothing where there is no command. */
export function commandPage(base: string = root): string | undefined {
  const bin = path.join(base, 'packages/cannectors/bin.js');
  if (!existsSync(bin)) return undefined;
  const help = execFileSync(process.execPath, [bin, 'help'], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return [
    '# Command line',
    'What `cannectors help` prints; `cannectors help <command>` has the flags of one command. The [guide](../guide/command-line.md) says more.',
    `\`\`\`\n${help.trimEnd()}\n\`\`\``,
  ].join('\n\n');
}
