import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readDeadLetters } from '../src/dead-letters/read-dead-letters.ts';
import { type AddOptions, createHost, type Host } from '../src/host.ts';
import type { Instance } from '../src/instance.ts';
import { loadFile } from '../src/load-file.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { type LogLines, logLines } from './log-lines.ts';
import { type TestProject, testProject } from './test-plugins.ts';

interface Stage extends TestProject, LogLines {
  readonly clock: FakeClock;
  readonly host: Host;
  /** Writes a pipeline file and adds it. Absolute paths are made of `$`. */
  readonly add: (text: string, options?: AddOptions) => Promise<Instance>;
  readonly read: (name: string) => string;
  readonly linesOf: (msg: string) => LogLines['entries'];
}

async function stage(): Promise<Stage> {
  const project = await testProject();
  const log = logLines();
  const clock = fakeClock();
  const { installed, file } = project;
  const host = createHost({ installed, sink: log.sink, level: 'debug', clock });
  onTestFinished(async () => {
    for (const one of host.instances.values()) one.kill();
    await Promise.all([...host.instances.values()].map(({ ended }) => ended));
  });
  let files = 0;

  return {
    ...project,
    ...log,
    clock,
    host,
    async add(text, options) {
      const name = file(`${files++}.yaml`);
      writeFileSync(name, text.replaceAll('$', `${project.root}/`));
      const loaded = await loadFile(name, installed, { env: {} });
      expect(loaded.problems).toEqual([]);
      return host.add(loaded, options);
    },
    read: (name) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : ''),
    linesOf: (wanted) => log.entries.filter(({ msg }) => msg === wanted),
  };
}

const cursor = 'statePersistence: { id: { enabled: true, field: id }, storagePath: $state }';

const orders = `
name: orders
input: { type: numbers, count: 2, diary: $diary, ${cursor} }
filters: [{ type: tag }]
output: { type: lines, path: $out, diary: $diary }
`;

const scheduled = (input = '', output = '', top = ''): string => `
name: orders
${top}
input: { type: numbers, count: 1, schedule: "* * * * *", timezone: UTC, diary: $diary, ${input} }
output: { type: lines, path: $out, diary: $diary, ${output} }
`;

const minute = 60_000;

/** Waits until nothing of the instance is on. */
const runsOf = ({ linesOf }: Stage): number => linesOf('execution completed').length;
const runs = (at: Stage, count: number): Promise<void> =>
  vi.waitFor(() => expect(runsOf(at)).toBe(count), 10_000);

describe('a run once', { timeout: 20_000 }, () => {
  it('delivers, saves its position, and gives everything back', async () => {
    const at = await stage();
    const one = await at.add(orders);
    expect(one.mode).toBe('once');

    await one.start();
    const end = await one.ended;

    expect(end).toMatchObject({ exitCode: 0, timedOut: false });
    expect(end.results).toMatchObject([{ status: 'success', records_read: 2, records_written: 2 }]);
    expect(at.read('out')).toBe('{"id":1,"tag":"x"}\n{"id":2,"tag":"x"}\n');
    expect(JSON.parse(at.read('state/orders.json'))).toEqual({ id: 2 });
    expect(existsSync(at.file('state/orders.lock'))).toBe(false);
    expect(at.read('diary').split('\n').slice(2, -1)).toEqual([
      'input create',
      'output create',
      'output open',
      'input open',
      'input read',
      'output write',
      'input close',
      'output close',
    ]);
    expect(at.host.instances.size).toBe(0);
  });

  it('goes on from its position', async () => {
    const at = await stage();
    for (let index = 0; index < 2; index++) {
      const one = await at.add(orders);
      await one.start();
      await one.ended;
    }

    expect(at.read('out').match(/\d+/g)).toEqual(['1', '2', '3', '4']);
  });

  it('marks each line of its log', async () => {
    const at = await stage();
    const one = await at.add(orders);

    await one.start();
    const { results } = await one.ended;

    const [first] = at.linesOf('execution started');
    expect(first).toMatchObject({ pipeline: 'orders', run: results[0]?.run });
    expect(at.entries.filter(({ run }) => run === undefined)).toEqual([]);
    expect(at.linesOf('filter processing completed')).toMatchObject([
      { module: 'tag', path: 'filters[0]' },
    ]);
    expect(at.lines().at(-1)).toBe('info execution completed');
  });

  it('ends with 3 when the run fails, and saves nothing', async () => {
    const at = await stage();
    const one = await at.add(orders.replace('path: $out', 'fail: $never'));

    await one.start();
    const { exitCode, results } = await one.ended;

    expect(exitCode).toBe(3);
    expect(results[0]).toMatchObject({
      status: 'error',
      error: { code: 'OUTPUT_FAILED', module: 'lines' },
    });
    expect(existsSync(at.file('state/orders.json'))).toBe(false);
    expect(at.read('diary')).toMatch(/input close\noutput close\n$/);
  });

  it('ignores a schedule when it is told to', async () => {
    const at = await stage();
    const one = await at.add(scheduled(), { mode: 'once' });
    expect(one.mode).toBe('once');

    await one.start();

    expect((await one.ended).exitCode).toBe(0);
    expect(at.linesOf('scheduler started')).toEqual([]);
  });

  it('writes nothing in a dry run, and shows no secret', async () => {
    const at = await stage();
    const text = orders
      .replace('name: orders', 'name: orders\ndeadLetter: true')
      .replace('type: lines,', 'type: lines, token: s3cret-key,');
    const one = await at.add(text, { dryRun: true });

    await one.start();
    const { exitCode, results } = await one.ended;

    expect(exitCode).toBe(0);
    expect(results[0]?.preview?.[0]?.operations).toEqual([
      { title: 'Append 2 with ***', record_count: 2 },
    ]);
    expect(results[0]?.checkpoint).toEqual({ id: 2 });
    expect(existsSync(at.file('state'))).toBe(false);
    expect(existsSync(at.file('out'))).toBe(false);
    expect(at.read('diary')).not.toContain('output open');
    expect(at.linesOf('execution completed')).toMatchObject([{ dryRun: true }]);
  });

  it('shows credentials in a dry run that asks for them', async () => {
    const at = await stage();
    const text = orders
      .replace('name: orders', 'name: orders\ndryRunOptions: { showCredentials: true }')
      .replace('type: lines,', 'type: lines, token: s3cret-key,');
    const one = await at.add(text, { dryRun: true });

    await one.start();

    expect((await one.ended).results[0]?.preview?.[0]?.operations[0]?.title).toBe(
      'Append 2 with s3cret-key',
    );
  });

  it('lets nothing secret out of a failure', async () => {
    const at = await stage();
    const one = await at.add(
      orders.replace('path: $out', 'fail: $never, token: s3cret-key, retries: 1'),
    );

    await one.start();
    const { results } = await one.ended;

    expect(results[0]?.error?.message).toBe('https://example.com/x said no to ***');
    expect(JSON.stringify([at.entries, results])).not.toMatch(/s3cret|u:p@|y=1/);
  });

  it('repeats what a module asks to repeat, under its own policy', async () => {
    const at = await stage();
    const retrying = orders.replace('path: $out', 'path: $out, retries: 2, retry: { delayMs: 1 }');
    const one = await at.add(retrying);

    await one.start();

    expect((await one.ended).results[0]).toMatchObject({
      status: 'success',
      retry: { attempts: 3, retries: 2, delays_ms: [1, 2] },
    });
  });

  it('passes over nested steps that fail, where their filter says so', async () => {
    const at = await stage();
    const one = await at.add(`
name: orders
input: { type: numbers, count: 2 }
filters:
  - type: branch
    tolerant: true
    onError: skip
    then: [{ type: tag, failOn: 1 }, { type: tag, value: last }]
output: { type: lines, path: $out }
`);

    await one.start();

    expect((await one.ended).exitCode).toBe(0);
    expect(at.read('out')).toBe('{"id":1,"tag":"last"}\n{"id":2,"tag":"last"}\n');
    expect(at.linesOf('skipping nested module error, continuing chain')).toMatchObject([
      { module: 'tag', path: 'filters[0].then[0]' },
    ]);
  });

  it.each([
    ['calls', '{"id":1}\n'],
    ['all', '{"id":1,"_errors":['],
  ])(
    'with `errorMarkers: %s` keeps a record that failed as its filter says',
    async (markers, expected) => {
      const at = await stage();
      const one = await at.add(`
name: orders
errorMarkers: ${markers}
input: { type: numbers, count: 1 }
filters: [{ type: tag, failOn: 1, onError: log }]
output: { type: lines, path: $out }
`);

      await one.start();
      await one.ended;

      expect(at.read('out')).toContain(expected);
      expect(at.linesOf('tagging (continuing)')).toHaveLength(1);
    },
  );

  it('leaves disabled filters out', async () => {
    const at = await stage();
    const one = await at.add(orders.replace('{ type: tag }', '{ type: tag, enabled: false }'));

    await one.start();
    await one.ended;

    expect(at.read('out')).toBe('{"id":1}\n{"id":2}\n');
    expect(at.linesOf('filter is disabled')).toMatchObject([
      { level: 'debug', path: 'filters[0]' },
    ]);
  });

  it('sends records to the outputs that take them', async () => {
    const at = await stage();
    const one = await at.add(`
name: orders
input: { type: numbers, count: 3 }
routing: first-match
outputs:
  - { id: two, type: lines, path: $two, when: id == 2 }
  - { id: rest, type: lines, path: $rest }
`);

    await one.start();

    expect((await one.ended).results[0]?.outputs).toMatchObject({
      two: { records_written: 1 },
      rest: { records_written: 2 },
    });
    expect(at.read('two')).toBe('{"id":2}\n');
    expect(at.read('rest')).toBe('{"id":1}\n{"id":3}\n');
  });

  it('makes no state folder for a pipeline that keeps nothing', async () => {
    const at = await stage();
    const one = await at.add(orders.replace(`, ${cursor}`, ''));

    await one.start();
    await one.ended;

    expect(existsSync(at.file('state'))).toBe(false);
  });
});

describe('dead letters of a run', { timeout: 20_000 }, () => {
  const rejecting = `
name: orders
deadLetter: true
input: { type: numbers, count: 3, onError: dlq, unreadable: true, ${cursor} }
filters: [{ type: tag, failOn: 1, onError: dlq }]
output: { type: lines, path: $out, reject: [3], onError: dlq }
`;

  it('are exactly what input, filters and output could not handle', async () => {
    const at = await stage();
    const one = await at.add(rejecting);

    await one.start();
    const { results } = await one.ended;
    const entries = await readDeadLetters(one.pipeline);

    expect(results[0]).toMatchObject({
      status: 'success',
      records_dead_lettered: 3,
      records_written: 1,
    });
    expect(
      new Map(entries.map(({ stage, record, raw }) => [stage, record?.['id'] ?? raw])),
    ).toEqual(
      new Map<string, unknown>([
        ['input', '{oops'],
        ['filter', 1],
        ['output', 3],
      ]),
    );
    expect(entries).toHaveLength(3);
    expect(at.read('out')).toBe('{"id":2,"tag":"x"}\n');
  });

  it('do not multiply when a run is repeated', async () => {
    const at = await stage();
    for (let index = 0; index < 2; index++) {
      const one = await at.add(rejecting);
      await one.start();
      await one.ended;
      rmSync(at.file('state/orders.json'));
    }

    const entries = await readDeadLetters((await at.add(rejecting)).pipeline);

    expect(entries).toHaveLength(3);
    expect(entries.map(({ meta }) => meta.attempts)).toEqual([2, 2, 2]);
  });

  it('go to an output', async () => {
    const at = await stage();
    const one = await at.add(
      rejecting.replace(
        'deadLetter: true',
        'deadLetter: { target: { type: output, output: { type: lines, path: $graves } } }',
      ),
    );

    await one.start();
    const { results } = await one.ended;

    expect(results[0]).toMatchObject({ status: 'success', records_dead_lettered: 3 });
    const graves = at
      .read('graves')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(graves).toHaveLength(3);
    expect(graves).toContainEqual(expect.objectContaining({ pipeline: 'orders', stage: 'output' }));
  });

  it('that cannot be kept fail the run, and nothing is saved', async () => {
    const at = await stage();
    const one = await at.add(
      rejecting.replace(
        'deadLetter: true',
        'deadLetter: { target: { type: output, output: { type: lines, fail: $never } } }',
      ),
    );

    await one.start();
    const { exitCode, results } = await one.ended;

    expect(exitCode).toBe(3);
    expect(results[0]?.error?.code).toBe('dead-letter.not-delivered');
    expect(existsSync(at.file('state/orders.json'))).toBe(false);
  });
});

describe('a pipeline that cannot start', { timeout: 20_000 }, () => {
  it.each([
    [
      'a module that is disabled',
      orders.replace('type: lines,', 'type: lines, enabled: false,'),
      'OUTPUT_CREATION_FAILED',
      'module disabled',
    ],
    [
      'an input that is disabled',
      orders.replace('type: numbers,', 'type: numbers, enabled: false,'),
      'INPUT_CREATION_FAILED',
      'module disabled',
    ],
    [
      'a port that is taken',
      scheduled('failOpen: true'),
      'INPUT_CREATION_FAILED',
      'The port is taken.',
    ],
    [
      'a login that is refused',
      scheduled('', 'failOpen: true, token: s3cret-key'),
      'OUTPUT_CREATION_FAILED',
      'login with *** is refused',
    ],
  ])('because of %s says so, as a run that failed', async (_title, text, code, cause) => {
    const at = await stage();
    const one = await at.add(text);

    await expect(one.start()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(cause) as string,
    });

    const end = await one.ended;
    expect(end).toMatchObject({ exitCode: 3, results: [{ status: 'error', error: { code } }] });
    const lines = at.lines().filter((line) => line.includes('execution'));
    expect(lines).toEqual(['info execution started', 'error execution completed']);
    expect(at.linesOf('execution completed')).toMatchObject([
      { run: end.results[0]?.run, fields: { status: 'error', records_read: 0, error_code: code } },
    ]);
    expect(at.read('diary')).not.toContain('input read');
    expect(JSON.stringify([at.entries, end])).not.toContain('s3cret');
    expect(existsSync(at.file('state/orders.lock'))).toBe(false);
  });

  it('because another one runs it says who', async () => {
    const at = await stage();
    const first = await at.add(orders.replace('count: 2', 'count: 2, waitFor: $go'));
    await first.start();
    const other = createHost({ installed: at.installed, sink: at.sink });
    const again = other.add(await loadFile(at.file('0.yaml'), at.installed, { env: {} }));

    await expect(again.start()).rejects.toMatchObject({ code: 'state.locked' });

    writeFileSync(at.file('go'), '');
    expect((await first.ended).exitCode).toBe(0);
    expect((await again.ended).exitCode).toBe(3);
  });

  it('because its state is damaged fails before anything is read', async () => {
    const at = await stage();
    const one = await at.add(orders.replace('$state', '$'));
    writeFileSync(at.file('orders.json'), '{"id": ');

    await one.start();
    const { exitCode, results } = await one.ended;

    expect(exitCode).toBe(3);
    expect(results[0]?.error).toMatchObject({ code: 'state.unreadable' });
    expect(at.read('diary')).not.toContain('input read');
    expect(at.linesOf('execution completed')).toHaveLength(1);
  });

  it('may not be started twice', async () => {
    const at = await stage();
    const one = await at.add(orders);
    await one.start();

    await expect(one.start()).rejects.toThrow('started before');
    await one.ended;
  });
});

describe('a schedule', { timeout: 20_000 }, () => {
  it('runs at each tick, with stages that are made once', async () => {
    const at = await stage();
    const one = await at.add(scheduled(cursor));
    expect(one.mode).toBe('scheduled');
    await one.start();
    expect(one.nextRun()?.toISOString()).toBe('2026-03-01T00:01:00.000Z');
    expect(runsOf(at)).toBe(0);

    for (let count = 1; count <= 3; count++) {
      at.clock.pass(minute);
      await runs(at, count);
    }
    const end = await one.stop('SIGTERM');

    expect(end).toMatchObject({ exitCode: 0, timedOut: false, results: [{ status: 'success' }] });
    expect(at.read('out').match(/\d+/g)).toEqual(['1', '2', '3']);
    expect(at.read('diary').match(/output (open|close)/g)).toEqual(['output open', 'output close']);
    const shown = /scheduler|registered|scheduled|execution (started|completed)/;
    expect(at.lines().filter((line) => shown.test(line))).toEqual([
      'info pipeline registered in scheduler',
      'info scheduler started',
      ...Array.from({ length: 3 }, () => [
        'info scheduled pipeline execution starting',
        'info execution started',
        'info execution completed',
        'info scheduled pipeline execution completed',
      ]).flat(),
      'info scheduler stopped',
    ]);
    expect(at.linesOf('scheduled pipeline execution starting')[0]?.fields).toEqual({
      schedule: '* * * * *',
      scheduled_time: '2026-03-01T00:01:00.000Z',
    });
    expect(at.linesOf('scheduled pipeline execution completed')[0]?.fields).toMatchObject({
      status: 'success',
      records_written: 1,
    });
    expect(new Set(at.linesOf('execution completed').map(({ run }) => run)).size).toBe(3);
  });

  it('goes on after a run that failed, with stages made anew', async () => {
    const at = await stage();
    const one = await at.add(scheduled('failRead: $ok, token: s3cret-key'));
    const results: string[] = [];
    one.onRun(({ status }) => results.push(status));
    await one.start();
    at.clock.pass(minute);
    await runs(at, 1);
    writeFileSync(at.file('ok'), '');

    at.clock.pass(minute);
    await runs(at, 2);

    expect(results).toEqual(['error', 'success']);
    expect(at.linesOf('scheduled pipeline execution failed')).toMatchObject([
      { level: 'error', fields: { error: 'No answer from ***.' } },
    ]);
    expect(
      at
        .read('diary')
        .match(/input (create|close)/g)
        ?.slice(1),
    ).toEqual(['input create', 'input close', 'input create']);
  });

  it('tries again at the next tick when stages cannot be made', async () => {
    const at = await stage();
    const one = await at.add(scheduled('failRead: $ok, failCreate: $broken'));
    await one.start();
    at.clock.pass(minute);
    await runs(at, 1);
    writeFileSync(at.file('ok'), '');
    writeFileSync(at.file('broken'), '');

    at.clock.pass(minute);
    await runs(at, 2);
    rmSync(at.file('broken'));
    at.clock.pass(minute);
    await runs(at, 3);

    expect(at.linesOf('execution started')).toHaveLength(3);
    expect(at.linesOf('execution completed').map(({ fields }) => fields['error_code'])).toEqual([
      'INPUT_FAILED',
      'INPUT_CREATION_FAILED',
      undefined,
    ]);
  });

  it('coalesces ticks that come while a run is on', async () => {
    const at = await stage();
    const one = await at.add(scheduled('waitFor: $go'));
    await one.start();

    at.clock.pass(5 * minute);
    writeFileSync(at.file('go'), '');
    await runs(at, 2);

    expect(at.linesOf('execution coalesced')).toHaveLength(4);
    at.clock.pass(minute);
    await runs(at, 3);
  });

  it('never has two runs at a time, and can queue', async () => {
    const at = await stage();
    const one = await at.add(scheduled('waitFor: $go, overlap: queue'));
    await one.start();

    at.clock.pass(3 * minute);
    expect(at.linesOf('execution started').length).toBeLessThanOrEqual(1);
    writeFileSync(at.file('go'), '');
    await runs(at, 3);

    const spans = at.entries.flatMap(
      ({ msg }) => /^execution (started|completed)$/.exec(msg)?.[1] ?? [],
    );
    expect(spans).toEqual(['started', 'completed', 'started', 'completed', 'started', 'completed']);
    expect(at.linesOf('processing queued execution')).toHaveLength(2);
  });

  it('drops ticks that wait when it is stopped, and lets the run finish', async () => {
    const at = await stage();
    const one = await at.add(scheduled(`waitFor: $go, overlap: queue, ${cursor}`));
    await one.start();
    at.clock.pass(3 * minute);

    const stopped = one.stop('SIGTERM');
    at.clock.pass(20_000);
    writeFileSync(at.file('go'), '');
    const end = await stopped;

    expect(at.linesOf('queued executions canceled')).toMatchObject([{ fields: { count: 2 } }]);
    expect(runsOf(at)).toBe(1);
    expect(end.exitCode).toBe(0);
    expect(one.nextRun()).toBeUndefined();
  });

  it('cancels a run that does not finish within the grace period', async () => {
    const at = await stage();
    const one = await at.add(scheduled(`waitFor: $never, ${cursor}`, '', 'drainTimeoutMs: 5000'));
    await one.start();
    at.clock.pass(minute);
    await vi.waitFor(() => expect(at.read('diary')).toContain('input read'), 10_000);

    const stopped = one.stop('SIGTERM');
    at.clock.pass(5000);
    const end = await stopped;

    expect(end).toMatchObject({ exitCode: 0, timedOut: false });
    expect(end.results[0]?.error).toMatchObject({ code: 'run.cancelled' });
    expect(end.results[0]?.error?.message).toContain('SIGTERM');
    expect(at.linesOf('scheduled pipeline execution canceled')).toHaveLength(1);
    expect(existsSync(at.file('state/orders.json'))).toBe(false);
  });

  it('gives up on a run that cannot be cancelled', async () => {
    const at = await stage();
    const one = await at.add(scheduled('', 'waitFor: $go, deaf: true', 'drainTimeoutMs: 5000'));
    await one.start();
    at.clock.pass(minute);
    await vi.waitFor(() => expect(at.read('diary')).toContain('output write'), 10_000);

    const stopped = one.stop('SIGTERM');
    at.clock.pass(10_000);

    expect(await stopped).toMatchObject({ exitCode: 3, timedOut: true });
    expect(at.linesOf('scheduler stop timeout')).toHaveLength(1);
    writeFileSync(at.file('go'), '');
    await runs(at, 1);
  });

  it('ends at once when it is idle', async () => {
    const at = await stage();
    const one = await at.add(scheduled());
    await one.start();

    expect(await one.stop('SIGINT')).toEqual({ exitCode: 0, results: [], timedOut: false });
    expect(runsOf(at)).toBe(0);
  });

  it('ends a run that takes longer than `maxRunMs`', async () => {
    const at = await stage();
    const one = await at.add(scheduled('waitFor: $never, maxRunMs: 1000'));
    await one.start();
    at.clock.pass(minute);
    await vi.waitFor(() => expect(at.read('diary')).toContain('input read'), 10_000);

    at.clock.pass(1000);
    await runs(at, 1);

    expect(at.linesOf('execution completed')[0]?.fields['error']).toContain('maxRunMs');
    expect(await one.stop('SIGINT')).toMatchObject({ exitCode: 0 });
  });

  it('leaves missed ticks alone', async () => {
    const at = await stage();
    const one = await at.add(scheduled());
    await one.start();

    at.clock.sleep(60 * minute);

    expect(at.linesOf('execution missed')).toHaveLength(1);
    at.clock.pass(minute);
    await runs(at, 1);
  });

  it('makes up for missed ticks with one run, if it is told to', async () => {
    const at = await stage();
    const one = await at.add(scheduled('misfire: once'));
    await one.start();

    at.clock.sleep(60 * minute);
    await runs(at, 1);

    expect(at.linesOf('execution missed')).toEqual([]);
  });

  it.each([
    ['once', 1],
    ['none', 0],
  ])(
    'with `misfire: %s` runs %i times for ticks that passed while the process was down',
    async (misfire, count) => {
      const at = await stage();
      const one = await at.add(scheduled(`misfire: ${misfire}, ${cursor}`));
      const host = createHost({
        installed: at.installed,
        sink: at.sink,
        clock: fakeClock('2099-01-01T00:00:00Z'),
      });
      const past = await at.add(orders.replace('orders', 'other'));
      await past.start();
      await past.ended;
      writeFileSync(at.file('state/orders.json'), '{"id": 5}');
      const later = host.add({ ...(await loadFile(at.file('0.yaml'), at.installed, { env: {} })) });

      await later.start();
      const end = await later.stop('test');

      expect(end.results).toHaveLength(count);
      expect(one.mode).toBe('scheduled');
    },
  );

  it('skips ticks while it is paused, and goes on', async () => {
    const at = await stage();
    const one = await at.add(scheduled());
    await one.start();
    one.pause();
    at.clock.pass(3 * minute);

    one.resume();
    expect(at.linesOf('executions skipped while paused')).toMatchObject([{ fields: { count: 3 } }]);
    at.clock.pass(minute);
    await runs(at, 1);

    expect(runsOf(at)).toBe(1);
  });

  it('runs now when it is asked to', async () => {
    const at = await stage();
    const one = await at.add(scheduled());
    await one.start();

    one.run();
    await runs(at, 1);

    expect(one.nextRun()?.toISOString()).toBe('2026-03-01T00:01:00.000Z');
  });
});

describe('a pipeline without an end', { timeout: 20_000 }, () => {
  const endless = (input = '', output = ''): string => `
name: stream
drainTimeoutMs: 5000
batch: { maxMs: 1 }
input: { type: numbers, endless: true, count: 2, diary: $diary, ${cursor}, ${input} }
output: { type: lines, path: $out, diary: $diary, ${output} }
`;

  it('drains when it is stopped', async () => {
    const at = await stage();
    const one = await at.add(endless());
    expect(one.mode).toBe('endless');
    await one.start();
    await vi.waitFor(() => expect(one.progress()?.records_written).toBe(2), 10_000);

    const end = await one.stop('SIGTERM');

    expect(end).toMatchObject({ exitCode: 0, timedOut: false, results: [{ status: 'success' }] });
    expect(JSON.parse(at.read('state/stream.json'))).toEqual({ id: 2 });
    expect(existsSync(at.file('state/stream.lock'))).toBe(false);
  });

  it('is started again after a failure, later and later', async () => {
    const at = await stage();
    const one = await at.add(endless('failRead: $ok'));
    await one.start();
    await runs(at, 1);
    await vi.waitFor(() =>
      expect(at.linesOf('pipeline failed and is started again')).toHaveLength(1),
    );
    at.clock.pass(1000);
    await runs(at, 2);
    await vi.waitFor(() =>
      expect(at.linesOf('pipeline failed and is started again')).toHaveLength(2),
    );
    writeFileSync(at.file('ok'), '');

    at.clock.pass(2000);
    await vi.waitFor(() => expect(one.progress()?.records_written).toBe(2), 10_000);

    expect(
      at.linesOf('pipeline failed and is started again').map(({ fields }) => fields['delay_ms']),
    ).toEqual([1000, 2000]);
    expect((await one.stop('SIGTERM')).exitCode).toBe(0);
  });

  it('can be stopped while it waits to be started again', async () => {
    const at = await stage();
    const one = await at.add(endless('failRead: $never'));
    await one.start();
    await vi.waitFor(() =>
      expect(at.linesOf('pipeline failed and is started again')).toHaveLength(1),
    );

    expect(await one.stop('SIGTERM')).toMatchObject({ exitCode: 0 });
  });

  it('stops reading while it is paused', async () => {
    const at = await stage();
    const one = await at.add(endless('waitFor: $go'));
    await one.start();
    await vi.waitFor(() => expect(one.progress()?.phase).toBe('running'));

    one.pause();
    expect(one.progress()?.phase).toBe('paused');
    writeFileSync(at.file('go'), '');
    one.resume();

    await vi.waitFor(() => expect(one.progress()?.records_written).toBe(2), 10_000);
  });

  it('is one run over some records when it is tried out', async () => {
    const at = await stage();
    const one = await at.add(endless(), {
      dryRun: true,
    });
    expect(one.mode).toBe('once');
    await one.start();
    one.kill();

    expect((await one.ended).results).toHaveLength(1);
  });
});

describe('a run that is asked to stop', { timeout: 20_000 }, () => {
  const waiting = orders.replace('count: 2', 'count: 2, waitFor: $go');
  const reading = (at: Stage): Promise<void> =>
    vi.waitFor(() => expect(at.read('diary')).toContain('input read'), 10_000);

  it('may finish', async () => {
    const at = await stage();
    const one = await at.add(waiting);
    await one.start();
    await reading(at);

    const stopped = one.stop('SIGTERM');
    at.clock.pass(29_000);
    writeFileSync(at.file('go'), '');

    expect(await stopped).toMatchObject({ exitCode: 0, results: [{ status: 'success' }] });
    expect(JSON.parse(at.read('state/orders.json'))).toEqual({ id: 2 });
  });

  it('is cancelled when it takes too long', async () => {
    const at = await stage();
    const one = await at.add(waiting);
    await one.start();
    await reading(at);

    const stopped = one.stop('SIGTERM');
    at.clock.pass(30_000);

    expect(await stopped).toMatchObject({
      exitCode: 3,
      timedOut: false,
      results: [{ error: { code: 'run.cancelled', message: 'The run is cancelled: SIGTERM.' } }],
    });
  });

  it('is cancelled at once when it is killed', async () => {
    const at = await stage();
    const one = await at.add(waiting);
    await one.start();
    await reading(at);

    one.kill();

    expect(await one.ended).toMatchObject({ exitCode: 3 });
  });

  it('does not begin when it still waits for the lock', async () => {
    const at = await stage();
    const one = await at.add(orders);
    mkdirSync(at.file('state'));
    writeFileSync(
      at.file('state/orders.lock'),
      JSON.stringify({ host: 'elsewhere', pid: 1, id: 'x' }),
    );
    const starting = one.start().catch((error: unknown) => error);

    const end = await one.stop('SIGTERM');

    expect(end).toMatchObject({ exitCode: 3 });
    expect(await starting).toMatchObject({ code: 'run.cancelled' });
    expect(at.read('diary')).not.toContain('input read');
  });

  it('without an end is cancelled when it does not drain', async () => {
    const at = await stage();
    const host = createHost({ installed: at.installed, sink: at.sink });
    await at.add(`
name: stream
drainTimeoutMs: 50
batch: { maxMs: 1 }
input: { type: numbers, endless: true }
output: { type: lines, diary: $diary, waitFor: $never }
`);
    const one = host.add(await loadFile(at.file('0.yaml'), at.installed, { env: {} }));
    await one.start();
    await vi.waitFor(() => expect(at.read('diary')).toContain('output write'), 10_000);

    expect(await one.stop('SIGTERM')).toMatchObject({
      exitCode: 3,
      timedOut: true,
      results: [{ error: { code: 'run.cancelled' } }],
    });
  });
});

describe('what is not as it should be', { timeout: 20_000 }, () => {
  it('in a listener harms nobody', async () => {
    const at = await stage();
    const one = await at.add(orders);
    one.onRun(() => {
      throw new Error('full disk');
    });

    await one.start();

    expect(await one.ended).toMatchObject({ exitCode: 0 });
    expect(at.linesOf('listener failed')).toMatchObject([{ fields: { error: 'full disk' } }]);
  });

  it('in the close of a module is said, and the rest is closed', async () => {
    const at = await stage();
    const one = await at.add(orders.replace('count: 2', 'count: 2, failClose: true'));

    await one.start();

    expect(await one.ended).toMatchObject({ exitCode: 0 });
    expect(at.linesOf('module is not closed')).toHaveLength(1);
    expect(at.read('diary')).toContain('output close');
    expect(existsSync(at.file('state/orders.lock'))).toBe(false);
  });
});

describe('a host', { timeout: 20_000 }, () => {
  it('runs several pipelines, and one that fails does not touch the others', async () => {
    const at = await stage();
    const good = await at.add(scheduled());
    const bad = await at.add(scheduled('failRead: $never').replace('orders', 'bad'));
    const broken = await at.add(scheduled('failOpen: true').replace('orders', 'broken'));
    await good.start();
    await bad.start();
    await expect(broken.start()).rejects.toMatchObject({ code: 'INPUT_CREATION_FAILED' });
    expect([...at.host.instances.keys()]).toEqual(['orders', 'bad']);

    at.clock.pass(minute);
    await runs(at, 3);
    await at.host.stop();

    expect((await good.ended).results[0]?.status).toBe('success');
    expect((await bad.ended).results[0]?.status).toBe('error');
    expect(at.host.instances.size).toBe(0);
    for (const { pipeline, run } of at.linesOf('execution completed')) {
      expect(['orders', 'bad', 'broken']).toContain(pipeline);
      expect(run).toBeDefined();
    }
  });

  it('has one pipeline of a name at a time', async () => {
    const at = await stage();
    const one = await at.add(orders);

    await expect(at.add(orders)).rejects.toMatchObject({ code: 'pipeline.name-taken' });
    await one.start();
    await one.ended;

    expect((await at.add(orders)).name).toBe('orders');
  });

  it('takes no file that has problems', async () => {
    const at = await stage();
    writeFileSync(at.file('bad.yaml'), 'name: bad');
    const loaded = await loadFile(at.file('bad.yaml'), at.installed, { env: {} });

    expect(() => at.host.add(loaded)).toThrow('cannot be run');
  });

  it('stops what was never started', async () => {
    const at = await stage();
    const one = await at.add(orders);

    await at.host.stop();

    expect(await one.ended).toEqual({ exitCode: 3, results: [], timedOut: false });
  });
});
