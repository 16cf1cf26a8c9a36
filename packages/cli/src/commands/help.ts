import { commandOf, type ExitCode, type Invocation } from '../commands.ts';
import { manual, overview } from '../usage.ts';

export function help({ words }: Invocation): ExitCode {
  const command = commandOf(words);
  process.stdout.write(command === undefined ? overview() : manual(command));
  return 0;
}
