import { describe, expect, it } from 'vitest';
import type { Flags } from '../src/flags.ts';
import { terminal } from '../src/terminal.ts';

const flags: Flags = {
  verbose: false,
  quiet: false,
  json: false,
  noColor: false,
  once: false,
  dryRun: false,
};

/** A terminal over two streams, and what they received. */
function arrange({ isTTY = false, ...given }: Partial<Flags> & { isTTY?: boolean } = {}) {
  const received = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof received) => ({
    isTTY,
    hasColors: () => true,
    write: (text: string) => (received[name] += text),
  });
  const streams = { stdout: stream('stdout'), stderr: stream('stderr') };
  return { screen: terminal({ ...flags, ...given }, streams), received };
}

/** Says one thing of each kind. */
function speak({ screen }: ReturnType<typeof arrange>): void {
  screen.log((paint) => (paint ? 'human;' : 'json;'));
  screen.info(() => 'info;');
  screen.error(() => 'error;');
}

describe('who gets which stream', () => {
  it('off a terminal, stdout carries the log and stderr all text', () => {
    const given = arrange();
    speak(given);
    expect(given.received).toEqual({ stdout: 'json;', stderr: 'info;\nerror;\n' });
  });

  it('on a terminal, stdout carries log and text, stderr the errors', () => {
    const given = arrange({ isTTY: true });
    speak(given);
    expect(given.received).toEqual({ stdout: 'human;info;\n', stderr: 'error;\n' });
  });

  it.each([true, false])('with --json, stdout carries the result alone (terminal: %s)', (isTTY) => {
    const given = arrange({ isTTY, json: true });
    speak(given);
    given.screen.result('{}');
    const log = isTTY ? 'human;' : 'json;';
    expect(given.received).toEqual({ stdout: '{}', stderr: `${log}info;\nerror;\n` });
  });

  it('gives way to records on stdout', () => {
    const given = arrange({ isTTY: true });
    given.screen.yieldStdout();
    speak(given);
    expect(given.received).toEqual({ stdout: '', stderr: 'human;info;\nerror;\n' });
    expect(given.screen.live()).toBeUndefined();
  });

  it('with --quiet, says errors only', () => {
    const given = arrange({ isTTY: true, quiet: true });
    given.screen.info(() => 'info;');
    given.screen.error(() => 'error;');
    expect(given.received).toEqual({ stdout: '', stderr: 'error;\n' });
    expect(given.screen.live()).toBeUndefined();
  });
});

describe('colours', () => {
  const red = (screen: ReturnType<typeof arrange>['screen']) =>
    screen.error((paint) => paint('red', 'x'));

  it('are used on a terminal', () => {
    const { screen, received } = arrange({ isTTY: true });
    red(screen);
    expect(received.stderr).toBe('\u001b[31mx\u001b[39m\n');
  });

  it.each([{ isTTY: false }, { isTTY: true, noColor: true }])('are left out: %j', (given) => {
    const { screen, received } = arrange(given);
    red(screen);
    expect(received.stderr).toBe('x\n');
  });
});

it('wipes the live line before anything is written', () => {
  const { screen, received } = arrange({ isTTY: true });
  screen.onWrite(() => (received.stdout += 'wiped;'));
  screen.info(() => 'info;');
  expect(received.stdout).toBe('wiped;info;\n');
});
