import { beforeEach, describe, expect, it } from 'vitest';
import { api } from '../src/api.ts';
import { hasTerminal, startOnTerminal } from '../src/terminal.ts';
import { workspace } from '../src/workspace.ts';

const files = {
  'a.yaml':
    'name: shop\ninput: {type: file, path: in.ndjson}\noutput: {type: file, path: out.ndjson}\n',
  'in.ndjson': '{"id":1}\n{"id":2}\n',
};

// oxlint-disable-next-line no-control-regex -- They are what is looked for.
const sequences = /\u001b\[[0-9;?]*[a-zA-Z]/g;

function polling(url: string): object {
  return {
    name: 'shop',
    input: { type: 'httpPolling', endpoint: `${url}/a` },
    output: { type: 'httpRequest', endpoint: `${url}/a`, method: 'POST' },
  };
}

const wipe = '\r\u001b[2K';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

describe('on a terminal', () => {
  beforeEach(({ skip }) => {
    skip(!hasTerminal, 'needs `script` of util-linux, which makes a terminal');
  });

  it('the log is lines for people, and a summary ends the run', async () => {
    const { code, stdout } = await startOnTerminal(['run', 'a.yaml'], workspace(files)).ended;

    const text = stdout.replaceAll(sequences, '');
    expect(code).toBe(0);
    expect(text).toMatch(/^\d\d:\d\d:\d\d INFO {2}execution started\r$/m);
    expect(text).toMatch(
      /^\d\d:\d\d:\d\d INFO {2}execution completed status=success .*\+\d more\r$/m,
    );
    expect(text).toMatch(
      /^✔ Pipeline executed successfully {2}shop {2}\d.*s\r\n {2}read 2 · written 2 /m,
    );
    expect(text).not.toContain('{"time"');
    expect(stdout).toContain('\u001b[32m✔\u001b[39m');
  });

  it.each([
    [['run', 'a.yaml', '--no-color'], {}],
    [['run', 'a.yaml'], { NO_COLOR: '1' }],
  ])('%j %j has no colours', async (words, env) => {
    const { stdout } = await startOnTerminal(words, { ...workspace(files), env }).ended;

    // oxlint-disable-next-line no-control-regex -- They are what is looked for.
    expect(stdout).not.toMatch(/\u001b\[\d+m/);
    expect(stdout).toContain('Pipeline executed successfully');
  });

  it('one live line shows while a run is active, within the width, and is gone afterwards', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const { url } = await api(async ({ method }) => {
      if (method === 'POST') await released;
      return { body: [{ id: 1 }] };
    });
    const run = startOnTerminal(['run', 'a.json'], workspace({ 'a.json': polling(url) }));

    await run.says('1 read');
    release();
    const { code, stdout } = await run.ended;

    expect(code).toBe(0);
    const drawn = stdout.split(wipe).filter((part) => part.includes(' read · '));
    const widths = drawn.map((part) => part.replaceAll(sequences, '').split('\r')[0]?.length ?? 0);
    expect(drawn.length).toBeGreaterThan(0);
    expect(Math.max(...widths)).toBeLessThan(100);
    // The last one is wiped, and the cursor is back.
    expect(stdout.lastIndexOf(wipe + showCursor)).toBeGreaterThan(stdout.lastIndexOf(hideCursor));
  });

  it('Ctrl+C twice ends the process at once, and gives the cursor back', async () => {
    const { url } = await api(() => new Promise(() => {}));
    const run = startOnTerminal(['run', 'a.json'], workspace({ 'a.json': polling(url) }));

    await run.says('0 read');
    run.type('\u0003');
    await run.says('SIGINT');
    run.type('\u0003');
    const { code, stdout } = await run.ended;

    expect(code).toBe(3);
    expect(stdout.lastIndexOf(showCursor)).toBeGreaterThan(stdout.lastIndexOf(hideCursor));
  });

  it('is quiet with --quiet', async () => {
    const { code, stdout } = await startOnTerminal(['run', 'a.yaml', '-q'], workspace(files)).ended;

    expect(code).toBe(0);
    expect(stdout).toBe('');
  });
});
