import { discover, loadFile, type StateFile, stateFile } from '@cannectors/host';
import type { ExitCode, Invocation } from '../commands.ts';
import { reportProblems } from '../configuration.ts';
import { contentNotJson } from '../faults.ts';
import { jsonText, jsonValue } from '../json-text.ts';
import { logbook } from '../logbook.ts';
import { printable } from '../printable.ts';
import { type Terminal, terminal } from '../terminal.ts';

export function get(given: Invocation): Promise<ExitCode> {
  return withState(given, async (state, screen) => {
    screen.result(`${jsonText((await state.read()) ?? {}, 2)}\n`);
  });
}

export function set(given: Invocation): Promise<ExitCode> {
  return withState(given, async (state, screen) => {
    await state.write(contentOf(given.words[1] ?? ''));
    screen.info(() => printable(`State replaced  ${state.path}`));
  });
}

export function clear(given: Invocation): Promise<ExitCode> {
  return withState(given, async (state, screen) => {
    await state.clear();
    screen.info(() => printable(`State deleted  ${state.path}`));
  });
}

/** Finds the state file of the pipeline that the first word names. */
async function withState(
  { words: [file = ''], flags, bin }: Invocation,
  task: (state: StateFile, screen: Terminal) => Promise<void>,
): Promise<ExitCode> {
  const screen = terminal(flags);
  const log = logbook(flags, screen);
  const installed = await discover({ folder: process.cwd(), command: bin });
  const loaded = await loadFile(file, installed, { env: process.env });
  // A pipeline that is disabled, or that a plugin refuses, has a state nevertheless.
  if (loaded.pipeline === undefined) {
    reportProblems(loaded, flags, screen, log);
    return loaded.exitCode;
  }
  await task(stateFile(loaded.pipeline), screen);
  return 0;
}

function contentOf(text: string): unknown {
  try {
    return jsonValue(text);
  } catch (error) {
    throw contentNotJson(error);
  }
}
