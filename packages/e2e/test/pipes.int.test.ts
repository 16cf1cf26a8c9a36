import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { command, type Ended, environment, observe } from '../src/command.ts';
import { type Workspace, workspace } from '../src/workspace.ts';

const count = 50_000;

/** A pipeline of many records to an output. */
function arrange(output: string): Workspace {
  return workspace({
    'a.yaml': `name: a\ninput: {type: file, path: in.ndjson}\noutput: ${output}\n`,
    'in.ndjson': Array.from({ length: count }, (_, id) => `{"id":${id}}\n`).join(''),
  });
}

/** Runs a command line of bash; `cannectors` in it is the command, and its exit code ends stdout. */
function bash(line: string, { folder }: Workspace): Promise<Ended> {
  const script = `cannectors() { '${command}' "$@"; }\n${line}; echo "exit \${PIPESTATUS[0]}"`;
  return observe(spawn('bash', ['-c', script], { cwd: folder, env: environment })).ended;
}

describe('a reader that goes away', () => {
  it('leaves a result cut off, and nothing else', async () => {
    const { stdout, stderr } = await bash('cannectors schema | head -c 2', workspace());

    expect(stdout).toBe('{\nexit 0\n');
    expect(stderr).toBe('');
  });

  it('of the log does not stop a run', async () => {
    const space = arrange('{type: file, path: out.ndjson}');

    const { stdout, stderr } = await bash('cannectors run a.yaml | head -n 1', space);

    expect(stdout).toMatch(/"msg":"execution started".*\nexit 0\n$/);
    expect(stderr).toContain('Pipeline executed successfully');
    expect(space.records('out.ndjson')).toHaveLength(count);
  });

  it('of the records cancels the run', async () => {
    const { stdout, stderr } = await bash(
      'cannectors run a.yaml | head -n 1',
      arrange('{type: console}'),
    );

    expect(stdout).toBe('{"id":0}\nexit 3\n');
    expect(stderr).toContain('"error_code":"run.cancelled"');
    expect(stderr).not.toMatch(/EPIPE.*\n\s+at /);
  });
});

describe('a reader that is slow', () => {
  it('gets every line, though the process has ended its work', async () => {
    const line = 'cannectors run a.yaml | (sleep 1; wc -l)';

    const { stdout } = await bash(line, arrange('{type: console}'));

    expect(stdout).toBe(`${count}\nexit 0\n`);
  });
});
