import { styleText } from 'node:util';
import type { Flags } from './flags.ts';

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Colours a text, or leaves it as it is where there are no colours. */
export type Paint = (colour: Colour, text: string) => string;

/** What a stream has to have: `process.stdout` and `process.stderr` do. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?(): boolean;
  write(text: string): unknown;
}

/** Decides what goes to which stream (D10), and keeps the live line out of the way of the rest. */
export interface Terminal {
  /** What the command is asked for. It owns stdout. */
  result(text: string): void;
  /** Text for people: nothing with `--quiet`. */
  info(compose: (paint: Paint) => string): void;
  /** Warnings for people: on stderr, not with `--quiet`. */
  warn(compose: (paint: Paint) => string): void;
  /** Errors for people: on stderr, always. */
  error(compose: (paint: Paint) => string): void;
  /** A log line, for people where it ends on a terminal, else for machines. */
  log(compose: (paint: Paint | undefined) => string): void;
  /** Records go to stdout, so everything else goes to stderr from now on. */
  yieldStdout(): void;
  /** Where the live line may be drawn, if anywhere. */
  live(): Screen | undefined;
  /** Called before anything is written, to wipe the live line away. */
  onWrite(listener: () => void): void;
}

type Streams = Readonly<Record<'stdout' | 'stderr', Screen>>;

/** @param streams where to write: those of the process, but for tests */
export function terminal(flags: Flags, { stdout, stderr }: Streams = process): Terminal {
  let isTaken = flags.json;
  let wipe = () => {};
  const isFree = () => stdout.isTTY === true && !isTaken;

  function put(screen: Screen, text: string): void {
    wipe();
    screen.write(text);
  }

  return {
    result: (text) => put(stdout, text),
    info(compose) {
      if (flags.quiet) return;
      const screen = isFree() ? stdout : stderr;
      put(screen, `${compose(painter(screen, flags))}\n`);
    },
    warn(compose) {
      if (!flags.quiet) put(stderr, `${compose(painter(stderr, flags))}\n`);
    },
    error: (compose) => put(stderr, `${compose(painter(stderr, flags))}\n`),
    log(compose) {
      const screen = isTaken ? stderr : stdout;
      put(screen, compose(screen.isTTY ? painter(screen, flags) : undefined));
    },
    yieldStdout() {
      isTaken = true;
    },
    live: () => (isFree() && !flags.quiet ? stdout : undefined),
    onWrite(listener) {
      wipe = listener;
    },
  };
}

function painter(screen: Screen, flags: Flags): Paint {
  const isColoured = !flags.noColor && screen.isTTY === true && screen.hasColors?.() === true;
  return isColoured
    ? (colour, text) => styleText(colour, text, { validateStream: false })
    : (_colour, text) => text;
}
