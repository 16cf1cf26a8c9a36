import { describe, expect, it } from 'vitest';
import { api, type Seen } from '../src/api.ts';
import { logLines, start } from '../src/command.ts';
import { waitFor } from '../src/wait-for.ts';
import { workspace } from '../src/workspace.ts';

/** A destination that holds every POST until it is let go. */
async function heldDestination() {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const posts: Seen[] = [];
  const { url } = await api(async (request) => {
    if (request.method !== 'POST') return { body: [{ id: 1 }, { id: 2 }] };
    posts.push(request);
    await released;
    return {};
  });
  return { url, posts, release };
}

function pipeline(url: string, more: object = {}): object {
  return {
    name: 'orders',
    input: { type: 'httpPolling', endpoint: `${url}/orders`, ...more },
    output: {
      type: 'httpRequest',
      endpoint: `${url}/orders`,
      method: 'POST',
      retry: { maxAttempts: 0 },
    },
  };
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('lets the active run finish: exit code 0', async () => {
    const { url, posts, release } = await heldDestination();
    const run = start(['run', 'orders.json'], workspace({ 'orders.json': pipeline(url) }));

    await waitFor(
      () => posts.length === 1,
      () => `a POST; ${run.stderr()}`,
    );
    run.signal(signal);
    await run.says(signal);
    release();
    const { code, stdout, stderr } = await run.ended;

    expect(code).toBe(0);
    expect(logLines(stdout).at(-1)).toMatchObject({
      msg: 'execution completed',
      status: 'success',
      records_written: 2,
    });
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('ends the process at once the second time: exit code 3', async () => {
    const { url, posts } = await heldDestination();
    const run = start(['run', 'orders.json'], workspace({ 'orders.json': pipeline(url) }));

    await waitFor(
      () => posts.length === 1,
      () => `a POST; ${run.stderr()}`,
    );
    run.signal(signal);
    await run.says(signal);
    run.signal(signal);
    const { code, stderr } = await run.ended;

    expect(code).toBe(3);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('cancels a run that does not finish within the grace period: exit code 3', async () => {
    const { url, posts } = await heldDestination();
    const document = { ...pipeline(url), drainTimeoutMs: 50 };
    const run = start(['run', 'orders.json'], workspace({ 'orders.json': document }));

    await waitFor(
      () => posts.length === 1,
      () => `a POST; ${run.stderr()}`,
    );
    run.signal(signal);
    const { code, stdout } = await run.ended;

    expect(code).toBe(3);
    expect(logLines(stdout).at(-1)).toMatchObject({
      msg: 'execution completed',
      level: 'error',
      status: 'error',
      error_code: 'run.cancelled',
    });
  });

  it('ends an idle schedule at once: exit code 0', async () => {
    const document = pipeline('http://127.0.0.1:9', { schedule: '0 0 1 1 *' });
    const run = start(['run', 'orders.json'], workspace({ 'orders.json': document }));

    await run.says('Scheduler started');
    run.signal(signal);
    const { code, stderr } = await run.ended;

    expect(code).toBe(0);
    expect(stderr).toContain(signal);
    expect(stderr).toContain('Scheduler stopped gracefully');
  });
});

describe('a schedule', () => {
  it('runs at its ticks, goes on after failures, and finishes the active run', async () => {
    let polls = 0;
    const { url } = await api(({ method }) => {
      if (method === 'POST') return {};
      polls++;
      return polls === 1 ? { status: 404 } : { body: [{ id: polls }] };
    });
    const document = pipeline(url, { schedule: '* * * * * *' });
    const run = start(['run', 'orders.json'], workspace({ 'orders.json': document }));

    await run.says('"status":"success"');
    run.signal('SIGTERM');
    const { code, stdout, stderr } = await run.ended;

    expect(code).toBe(0);
    expect(stderr).toContain('Scheduler started');
    expect(stderr).toMatch(/next run \d{4}-\d\d-\d\dT/);
    expect(stderr).toContain('Pipeline execution failed');
    expect(stderr).toContain('Pipeline executed successfully');
    const ends = logLines(stdout).filter(({ msg }) => msg === 'execution completed');
    expect(ends.slice(0, 2).map(({ status }) => status)).toEqual(['error', 'success']);
    expect(new Set(ends.map((line) => line['run'])).size).toBe(ends.length);
  });

  it('is ignored with --once, and in a dry run', async () => {
    const { url, seen } = await api(({ method }) =>
      method === 'POST' ? {} : { body: [{ id: 1 }] },
    );
    const document = pipeline(url, { schedule: '0 0 1 1 *' });
    const space = workspace({ 'orders.json': document });

    expect(await start(['run', 'orders.json', '--dry-run'], space).ended).toMatchObject({
      code: 0,
    });
    expect(seen.map(({ method }) => method)).toEqual(['GET']);
    expect(await start(['run', 'orders.json', '--once'], space).ended).toMatchObject({ code: 0 });
    expect(seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
  });
});
