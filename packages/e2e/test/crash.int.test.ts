import { describe, expect, it } from 'vitest';
import { api } from '../src/api.ts';
import { cannectors, start } from '../src/command.ts';
import { waitFor } from '../src/wait-for.ts';
import { type Workspace, workspace } from '../src/workspace.ts';

const pageSize = 10;
const total = 200;

/** A source in pages, and a destination that remembers what it got. */
async function world(afterPost: (posts: number) => void | Promise<void>) {
  const received: number[] = [];
  let posts = 0;
  const { url } = await api(async ({ method, query, body }) => {
    if (method === 'POST') {
      const records = JSON.parse(body) as { id: number }[];
      received.push(...records.map(({ id }) => id));
      posts++;
      await afterPost(posts);
      return {};
    }
    const offset = Number(query.get('offset') ?? 0);
    const limit = Number(query.get('limit') ?? pageSize);
    const ids = Array.from(
      { length: Math.max(0, Math.min(limit, total - offset)) },
      (_, i) => offset + i,
    );
    return { body: { total, items: ids.map((id) => ({ id })) } };
  });
  return { url, received };
}

function space(url: string): Workspace {
  return workspace({
    'orders.json': {
      name: 'orders',
      input: {
        type: 'httpPolling',
        endpoint: `${url}/orders`,
        pagination: {
          type: 'offset',
          param: 'offset',
          limitParam: 'limit',
          limit: pageSize,
          totalField: 'total',
        },
        statePersistence: { offset: { enabled: true, queryParam: 'offset' } },
      },
      output: {
        type: 'httpRequest',
        endpoint: `${url}/orders`,
        method: 'POST',
        requestMode: 'batch',
      },
    },
  });
}

describe('kill -9 in the middle of a run', () => {
  it.each([1, 5, 13])(
    'after batch %i: nothing is lost, at most what was in flight repeats',
    async (victim) => {
      let kill = () => {};
      const { url, received } = await world((posts) => {
        if (posts === victim) kill();
      });
      const place = space(url);
      const run = start(['run', 'orders.json'], place);
      kill = () => run.signal('SIGKILL');
      const { signal } = await run.ended;
      const before = received.length;

      const again = await cannectors(['run', 'orders.json'], place);

      expect(signal).toBe('SIGKILL');
      expect(again).toMatchObject({ code: 0 });
      expect(new Set(received)).toEqual(new Set(Array.from({ length: total }, (_, id) => id)));
      // One batch was in flight, and the one before it may have been delivered and not yet saved.
      expect(received.length - total).toBeLessThanOrEqual(2 * pageSize);
      expect(before).toBeGreaterThanOrEqual(victim * pageSize);
      expect(place.json('.cannectors-state/orders.json')).toEqual({ offset: total });
    },
  );
});

describe('two processes on one state folder', () => {
  it('the second one refuses to start, and names the first', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const { url, received } = await world(() => released);
    const place = space(url);
    const first = start(['run', 'orders.json'], place);
    await waitFor(
      () => received.length > 0,
      () => `a delivery; ${first.stderr()}`,
    );

    const second = await cannectors(['run', 'orders.json'], place);
    const set = await cannectors(['state', 'set', 'orders.json', '{"offset":0}'], place);
    const clear = await cannectors(['state', 'clear', 'orders.json'], place);
    release();
    const { code } = await first.ended;

    expect(second.code).toBe(3);
    expect(second.stderr).toContain(String(first.pid));
    expect(set).toMatchObject({ code: 3 });
    expect(clear).toMatchObject({ code: 3 });
    expect(code).toBe(0);
    expect(received).toHaveLength(total);
  });
});

describe('a plugin that breaks its word', () => {
  /** A project with an output of its own, whose code is this. */
  function project(create: string): Workspace {
    const home = 'node_modules/cannectors-output-odd';
    return workspace({
      'package.json': { dependencies: { 'cannectors-output-odd': '1' } },
      [`${home}/package.json`]: {
        name: 'cannectors-output-odd',
        version: '1.0.0',
        type: 'module',
        exports: './index.js',
        cannectors: { apiVersion: 1, kind: 'output', type: 'odd' },
      },
      [`${home}/schema.json`]: { type: 'object', properties: {}, additionalProperties: false },
      [`${home}/index.js`]: `export default { kind: 'output', apiVersion: 1, config: {}, create() { ${create} } };`,
      'in.ndjson': '{"id":1}\n',
      'a.yaml': 'name: a\ninput: {type: file, path: in.ndjson}\noutput: {type: odd}\n',
    });
  }

  it.each([
    [
      'throws beside the call',
      `return { write: () => new Promise(() => { setTimeout(() => { throw new Error('boom') }) }) };`,
    ],
    [
      'leaves a rejection',
      `return { write: () => { void Promise.reject(new Error('boom')); return new Promise(() => setTimeout(() => {}, 60000)); } };`,
    ],
  ])('%s: one clear line, exit code 3', async (_what, code) => {
    const { code: exitCode, stdout, stderr } = await cannectors(['run', 'a.yaml'], project(code));

    expect(exitCode).toBe(3);
    expect(stderr).toContain('cannectors stopped: boom');
    expect(stdout).toContain('"level":"error"');
    expect(stdout + stderr).not.toMatch(/\s+at .*index\.js/);
  });

  it.each([
    [
      'throws in open',
      `return { open() { throw new Error('boom') }, write() {} };`,
      'OUTPUT_FAILED',
    ],
    ['throws in write', `return { write() { throw new Error('boom') } };`, 'OUTPUT_FAILED'],
  ])('%s: the run fails with its message', async (_what, code, errorCode) => {
    const { code: exitCode, stdout, stderr } = await cannectors(['run', 'a.yaml'], project(code));

    expect(exitCode).toBe(3);
    expect(stderr).toContain('Pipeline execution failed');
    expect(stderr).toContain('boom');
    expect(stdout).toContain(`"error_code":"${errorCode}"`);
    expect(stdout + stderr).not.toMatch(/\s+at .*index\.js/);
  });

  it('throws in create: the file is refused with its message', async () => {
    const { code, stderr } = await cannectors(
      ['run', 'a.yaml'],
      project(`throw new Error('boom');`),
    );

    expect(code).toBe(1);
    expect(stderr).toMatch(/^a\.yaml:3:\d+ output: .*boom/m);
  });

  it('keeps the process alive no longer than its work', async () => {
    const code = `setInterval(() => {}, 60000); return { write() {} };`;

    expect(await cannectors(['run', 'a.yaml'], project(code))).toMatchObject({ code: 0 });
  });
});
