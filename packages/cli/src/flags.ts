/** Every flag, as `parseArgs` of Node wants it, with its line of help. */
export const flagTable = {
  verbose: { type: 'boolean', short: 'v', form: '', summary: 'Log at level debug, show all.' },
  quiet: { type: 'boolean', short: 'q', form: '', summary: 'Log errors only, no text but errors.' },
  'log-file': {
    type: 'string',
    form: ' <path>',
    summary: 'Append the log to a file too, as JSON lines.',
  },
  json: { type: 'boolean', form: '', summary: 'Print one JSON document; the log goes to stderr.' },
  'no-color': { type: 'boolean', form: '', summary: 'No colours. So does `NO_COLOR`.' },
  once: { type: 'boolean', form: '', summary: 'One run now, whatever the schedule, then exit.' },
  'dry-run': { type: 'boolean', form: '', summary: 'Show what would be sent; write nothing.' },
  payload: {
    type: 'string',
    form: ' <file>',
    summary: 'With --dry-run: the delivery that a webhook previews.',
  },
  help: { type: 'boolean', short: 'h', form: '', summary: 'Print what a command takes.' },
} as const;

export type FlagName = keyof typeof flagTable;

export const flagNames = Object.keys(flagTable) as FlagName[];

export function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(flagTable, name);
}

/** The flags as the commands read them. */
export interface Flags {
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly noColor: boolean;
  readonly once: boolean;
  readonly dryRun: boolean;
  readonly logFile?: string;
  readonly payload?: string;
}
