import type { FlagName, Flags } from './flags.ts';

/** D4. No others. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What a command is given. */
export interface Invocation {
  /** Words after the name of the command. */
  readonly words: readonly string[];
  readonly flags: Flags;
  /** Address of the bin that was started: its package says what is installed beside it. */
  readonly bin: string;
}

export interface Command {
  /** As typed: one word or two. */
  readonly name: string;
  /** Its words, for people. */
  readonly form: string;
  /** How many words, at least and at most. */
  readonly words: readonly [number, number];
  readonly flags: readonly FlagName[];
  /** Everything behind the name is handed over unread. */
  readonly raw?: true;
  readonly summary: string;
  run(invocation: Invocation): Promise<ExitCode> | ExitCode;
}

const common = ['verbose', 'quiet', 'log-file', 'json', 'no-color', 'help'] as const;

/** Each imports its own code, and only when it is called: start-up is a feature. */
export const commands: readonly Command[] = [
  {
    name: 'validate',
    form: '<file…>',
    words: [1, Infinity],
    flags: common,
    summary: 'Check pipelines without opening or executing anything. Takes globs.',
    run: async (given) => (await import('./commands/validate.ts')).validate(given),
  },
  {
    name: 'run',
    form: '<file>',
    words: [1, 1],
    flags: [...common, 'once', 'dry-run', 'payload'],
    summary: 'Run a pipeline: once, on its schedule, or until it is stopped.',
    run: async (given) => (await import('./commands/run.ts')).run(given),
  },
  {
    name: 'state get',
    form: '<file>',
    words: [1, 1],
    flags: common,
    summary: 'Print the state file of a pipeline.',
    run: async (given) => (await import('./commands/state.ts')).get(given),
  },
  {
    name: 'state set',
    form: '<file> <json>',
    words: [2, 2],
    flags: common,
    summary: 'Replace the state of a pipeline, as for a backfill.',
    run: async (given) => (await import('./commands/state.ts')).set(given),
  },
  {
    name: 'state clear',
    form: '<file>',
    words: [1, 1],
    flags: common,
    summary: 'Delete the state of a pipeline: the next run reads everything again.',
    run: async (given) => (await import('./commands/state.ts')).clear(given),
  },
  {
    name: 'plugins',
    form: '',
    words: [0, 0],
    flags: common,
    summary: 'List the installed plugins.',
    run: async (given) => (await import('./commands/plugins.ts')).plugins(given),
  },
  {
    name: 'plugins describe',
    form: '<type>',
    words: [1, 1],
    flags: common,
    summary: 'Say what a plugin does, guarantees, and accepts.',
    run: async (given) => (await import('./commands/describe.ts')).describe(given),
  },
  {
    name: 'schema',
    form: '',
    words: [0, 0],
    flags: common,
    summary: 'Print one JSON Schema of everything installed, for editors.',
    run: async (given) => (await import('./commands/schema.ts')).schema(given),
  },
  {
    name: 'serve',
    form: '[files or folders…]',
    words: [0, Infinity],
    flags: [],
    raw: true,
    summary: 'Run many pipelines behind a control API. Needs `@cannectors/server`.',
    run: async (given) => (await import('./commands/serve.ts')).serve(given),
  },
  {
    name: 'version',
    form: '',
    words: [0, 0],
    flags: common,
    summary: 'Print version, commit and build date.',
    run: async (given) => (await import('./commands/version.ts')).version(given),
  },
  {
    name: 'help',
    form: '[command]',
    words: [0, 2],
    flags: common,
    summary: 'Print this, or what one command takes.',
    run: async (given) => (await import('./commands/help.ts')).help(given),
  },
];

/** Finds the longest name that the words begin with. */
export function commandOf(words: readonly string[]): Command | undefined {
  const named = (name: string) => commands.find((command) => command.name === name);
  return named(words.slice(0, 2).join(' ')) ?? named(words[0] ?? '');
}
