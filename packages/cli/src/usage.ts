import { columns } from './columns.ts';
import { type Command, commands } from './commands.ts';
import { type FlagName, flagNames, flagTable } from './flags.ts';

/** What `cannectors help` prints. */
export function overview(): string {
  const rows = commands.map(({ name, form, summary }) => [`${name} ${form}`.trim(), summary]);
  return [
    'cannectors – declarative data pipelines: input, filters, outputs in one YAML file.',
    '',
    'Usage: cannectors <command> [flags]',
    '',
    'Commands',
    ...columns(rows).map(indent),
    '',
    'Flags',
    ...flagLines(flagNames),
    '',
    'Exit codes: 0 done · 1 validation · 2 parse · 3 run time and usage.',
    '',
  ].join('\n');
}

/** What `cannectors help <command>` prints. */
export function manual(command: Command): string {
  const flags = command.flags.length === 0 ? [] : ['', 'Flags', ...flagLines(command.flags)];
  return [usageLine(command), '', command.summary, ...flags, ''].join('\n');
}

/** The shortest reminder of how a command is used. */
export function usageLine(command: Command | undefined): string {
  if (command === undefined) return 'Usage: cannectors <command> [flags]';
  const flags = command.flags.length > 0 ? '[flags]' : '';
  return ['Usage: cannectors', command.name, command.form, flags].filter(Boolean).join(' ');
}

function flagLines(names: readonly FlagName[]): string[] {
  return columns(
    names.map((name) => {
      const flag = flagTable[name];
      const short = 'short' in flag ? `-${flag.short}, ` : '    ';
      return [`${short}--${name}${flag.form}`, flag.summary];
    }),
  ).map(indent);
}

function indent(line: string): string {
  return `  ${line}`;
}
