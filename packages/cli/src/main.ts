import { readArguments } from './arguments.ts';
import type { ExitCode } from './commands.ts';

/**
 * Runs the command line of this process, and ends it.
 *
 * @param bin address of the bin that was started, `import.meta.url`
 */
export async function main(bin: string): Promise<void> {
  process.on('uncaughtException', die); // A rejection that nobody handles comes here too.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}); // `| head`
  await end(await obey(bin, process.argv.slice(2)));
}

async function obey(bin: string, line: readonly string[]): Promise<ExitCode> {
  const order = readArguments(line);
  if ('misuse' in order) {
    const { usageLine } = await import('./usage.ts');
    const usage = usageLine(order.about);
    process.stderr.write(`cannectors: ${order.misuse}\n${usage}\nSee \`cannectors help\`.\n`);
    return 3;
  }
  const { command, words, flags } = order;
  try {
    return await command.run({ words, flags, bin });
  } catch (error) {
    const { explain } = await import('./refusal.ts');
    explain(error, flags);
    return 3;
  }
}

/** An error that nobody caught: one clear line, never a stack. */
function die(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`cannectors stopped: ${message}\n`);
  void end(3);
}

/** Ends the process when all that was written has left it: pipes are written in the background. */
async function end(exitCode: ExitCode): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit(exitCode);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
