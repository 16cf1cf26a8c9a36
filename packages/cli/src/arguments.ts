import { parseArgs } from 'node:util';
import { type Command, commandOf, commands } from './commands.ts';
import { type FlagName, type Flags, flagTable, isFlagName } from './flags.ts';
import { suggestion } from './nearest.ts';

/** A command line that says what to do. */
export interface Order {
  readonly command: Command;
  readonly words: readonly string[];
  readonly flags: Flags;
}

/** A command line that does not: one sentence on why, and the command that it was about, if known. */
export interface Misuse {
  readonly misuse: string;
  readonly about?: Command;
}

interface Option {
  readonly name: string;
  /** As it was typed: `-x`. */
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** Reads a command line, without the program's own name. */
export function readArguments(line: readonly string[]): Order | Misuse {
  const { tokens } = parseArgs({
    args: [...line],
    options: flagTable,
    strict: false, // Its own messages name no command and suggest nothing.
    allowPositionals: true,
    tokens: true,
  });
  const positionals = tokens.filter((token) => token.kind === 'positional');
  const options: Option[] = tokens.filter((token) => token.kind === 'option');
  const words = positionals.map((token) => token.value);
  const has = (name: string) => options.some((option) => option.name === name);

  if (words.length === 0 && has('version')) return orderOf('version', [], []);
  if (words.length === 0 && has('help')) return orderOf('help', [], []);
  const command = commandOf(words);
  if (command === undefined) return { misuse: unknownCommand(words) };

  if (command.raw) {
    const behind = (positionals[0]?.index ?? 0) + 1;
    return { command, words: line.slice(behind), flags: flagsOf([]) };
  }
  const misuse = options
    .map((option) => misuseOf(option, command))
    .find((text) => text !== undefined);
  if (misuse !== undefined) return { misuse, about: command };
  if (has('help')) return orderOf('help', command.name.split(' '), options);

  const rest = words.slice(command.name.split(' ').length);
  if (rest.length < command.words[0]) {
    return { misuse: `\`${command.name}\` needs ${command.form}.`, about: command };
  }
  if (rest.length > command.words[1]) return { misuse: tooMany(command, rest), about: command };
  if (has('payload') && !has('dry-run')) {
    return { misuse: '`--payload` goes with `--dry-run`.', about: command };
  }
  return { command, words: rest, flags: flagsOf(options) };
}

function orderOf(
  name: string,
  words: readonly string[],
  options: readonly Option[],
): Order | Misuse {
  const command = commandOf([name]);
  return command ? { command, words, flags: flagsOf(options) } : { misuse: unknownCommand([name]) };
}

function unknownCommand(words: readonly string[]): string {
  const [first, second] = words;
  if (first === undefined) return 'A command is missing.';
  const family = commands.filter((command) => command.name.startsWith(`${first} `));
  const [typed, known] =
    family.length === 0
      ? [first, commands.map((command) => command.name)]
      : [words.slice(0, 2).join(' '), family.map((command) => command.name)];
  if (family.length > 0 && second === undefined) {
    return `\`${first}\` needs one more word: ${known.map((name) => `\`${name}\``).join(', ')}.`;
  }
  return `There is no command \`${typed}\`.${suggestion(typed, known)}`;
}

function misuseOf(option: Option, command: Command): string | undefined {
  const { name, rawName, value, inlineValue } = option;
  const accepted = command.flags.map((flag) => `--${flag}`);
  if (!isFlagName(name)) {
    return `There is no flag \`${rawName}\`.${suggestion(rawName, accepted)}`;
  }
  if (!command.flags.includes(name)) {
    return `\`${command.name}\` takes no \`${rawName}\`.${suggestion(rawName, accepted)}`;
  }
  const isSwitch = flagTable[name].type === 'boolean';
  if (isSwitch && value !== undefined) return `\`${rawName}\` takes no value.`;
  if (!isSwitch && (value === undefined || value === '' || looksLikeFlag(value, inlineValue))) {
    return `\`${rawName}\` needs${flagTable[name].form}.`;
  }
  return undefined;
}

function looksLikeFlag(value: string, inlineValue: boolean | undefined): boolean {
  return inlineValue !== true && value.startsWith('-') && value !== '-';
}

function tooMany(command: Command, rest: readonly string[]): string {
  const extra = rest.slice(command.words[1]).map((word) => `\`${word}\``);
  const text = `\`${command.name}\` takes ${command.form || 'no words'}, not ${extra.join(', ')} too.`;
  const longer = commands.map(({ name }) => name).filter((name) => name.includes(' '));
  return text + suggestion(`${command.name} ${rest[0]}`, longer);
}

function flagsOf(options: readonly Option[]): Flags {
  const has = (name: FlagName) => options.some((option) => option.name === name);
  const last = (name: FlagName) => options.findLast((option) => option.name === name)?.value;
  const logFile = last('log-file');
  const payload = last('payload');
  return {
    verbose: has('verbose'),
    quiet: has('quiet'),
    json: has('json'),
    noColor: has('no-color'),
    once: has('once'),
    dryRun: has('dry-run'),
    ...(logFile !== undefined && { logFile }),
    ...(payload !== undefined && { payload }),
  };
}
