import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Fault, type JsonRecord } from '@cannectors/core';
import type { DeadLetter } from '@cannectors/core/run';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  deadLetterFile,
  type DeadLetterFileOptions,
} from '../src/dead-letters/dead-letter-file.ts';
import { readDeadLetters } from '../src/dead-letters/read-dead-letters.ts';
import { scrub } from '../src/scrub.ts';
import { stateFolder } from '../src/state/state-folder.ts';
import { logLines } from './log-lines.ts';
import { persistent } from './pipelines.ts';
import { tempTree } from './temp-tree.ts';

type Policy = DeadLetterFileOptions['policy'];

const defaults: Policy = {
  maxEntries: 10_000,
  maxAgeSecs: 604_800,
  overflowPolicy: 'block',
  transient: false,
  maxRate: { ratio: 0.5, minRecords: 100 },
  maxEventBytes: 262_144,
  truncate: false,
};

function letter(id: number, more: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: `r${id}:output:crm`,
    stage: 'output',
    stageId: 'crm',
    batchSeq: 3,
    run: 'run-1',
    record: { id, name: `Jane ${id}` },
    fault: new Fault('http.rejected', 'POST https://crm.example.com answered 422.', {
      category: 'validation',
      statusCode: 422,
    }),
    attempts: 1,
    ...more,
  };
}

/** The dead letters of a pipeline at a time of day. */
async function opened(folder: string, policy: Partial<Policy> = {}, secrets: string[] = []) {
  const pipeline = persistent(folder);
  const { log, lines, entries } = logLines();
  const time = { now: new Date('2026-05-01T00:00:00Z') };
  const store = deadLetterFile({
    pipeline: pipeline.name,
    place: stateFolder(pipeline),
    policy: { ...defaults, ...policy },
    log,
    scrub: scrub(secrets),
    now: () => time.now,
    expiryMs: 5,
  });
  onTestFinished(() => store.close());
  await store.open(new AbortController().signal);
  const file = path.join(folder, 'orders.dead-letters.ndjson');
  return {
    store,
    file,
    time,
    lines,
    entries,
    ids: async () => (await readDeadLetters(pipeline)).map(({ id }) => id.split(':')[0]),
    read: () => readDeadLetters(pipeline),
    rawLines: () => readFileSync(file, 'utf8').trimEnd().split('\n').length,
  };
}

const range = (from: number, to: number): DeadLetter[] =>
  Array.from({ length: to - from + 1 }, (_, index) => letter(from + index));

describe('dead letters', () => {
  it('are lines with what a person needs to know', async () => {
    const folder = path.join(tempTree(), 'state');
    const { store, read, file } = await opened(folder);
    expect(existsSync(folder)).toBe(false);

    await store.store([letter(1, { attempts: 3 })]);

    expect(await read()).toEqual([
      {
        seq: 1,
        timestamp: 1_777_593_600,
        pipeline: 'orders',
        stream: 'dlq',
        event_id: 'r1',
        source_cursor: null,
        event: null,
        payload_truncated: false,
        meta: {
          sink_id: 'crm',
          error_kind: 'rejected',
          error_message: 'POST https://crm.example.com answered 422.',
          attempts: 3,
        },
        id: 'r1:output:crm',
        stage: 'output',
        stage_id: 'crm',
        batch_seq: 3,
        run: 'run-1',
        first_failed_at: '2026-05-01T00:00:00.000Z',
        last_failed_at: '2026-05-01T00:00:00.000Z',
        record: { id: 1, name: 'Jane 1' },
        error: {
          category: 'validation',
          code: 'http.rejected',
          statusCode: 422,
          message: 'POST https://crm.example.com answered 422.',
          retryable: false,
        },
      },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('of one id are one entry: first time, newest error, all attempts', async () => {
    const { store, time, read, rawLines } = await opened(tempTree());
    await store.store([letter(1, { attempts: 2 }), letter(2)]);
    time.now = new Date('2026-05-02T00:00:00Z');

    await store.store([letter(1, { attempts: 4, fault: new Fault('http.gone', 'Gone.') })]);

    const [first] = await read();
    expect(rawLines()).toBe(3);
    expect(first).toMatchObject({
      seq: 1,
      first_failed_at: '2026-05-01T00:00:00.000Z',
      last_failed_at: '2026-05-02T00:00:00.000Z',
      meta: { attempts: 6 },
      error: { code: 'http.gone' },
    });
  });

  it('keep their numbers growing over restarts', async () => {
    const folder = tempTree();
    const before = await opened(folder);
    await before.store.store(range(1, 3));
    await before.store.close();

    const after = await opened(folder);
    await after.store.store([letter(4)]);

    expect((await after.read()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it('keep the digits of large numbers, and texts that were no record', async () => {
    const { store, read, file } = await opened(tempTree());
    const { record: _record, ...unread } = letter(2, {
      stage: 'input',
      id: 'x:input:input',
      raw: '{"id": oops',
    });

    await store.store([letter(1, { record: { id: 9_007_199_254_740_993n } }), unread]);

    const [large, raw] = await read();
    expect(large?.record).toEqual({ id: 9_007_199_254_740_993n });
    expect(readFileSync(file, 'utf8')).toContain('{"id":9007199254740993}');
    expect(raw).toMatchObject({ raw: '{"id": oops', event_id: 'x' });
    expect(raw).not.toHaveProperty('record');
  });

  it('hold no secret in their error', async () => {
    const { store, file } = await opened(tempTree(), {}, ['hunter2-secret']);
    const fault = new Fault(
      'http.rejected',
      'https://u:p@x.example.com/a?token=1 said hunter2-secret.',
    );

    await store.store([letter(1, { fault })]);

    expect(readFileSync(file, 'utf8')).not.toMatch(/hunter2|u:p|token=1/);
  });

  it.each([
    ['record.too-large', 'validation', 'input', 'too_large'],
    ['json.serialization', 'unknown', 'output', 'serialization'],
    ['routing.unmatched', 'validation', 'filter', 'routing'],
    ['output.deadline', 'network', 'output', 'timeout'],
    ['SCRIPT_ERROR', 'unknown', 'filter', 'script'],
    ['MISSING_FIELD', 'validation', 'filter', 'validation'],
    ['http.rejected', 'not_found', 'output', 'rejected'],
    ['odd', 'unknown', 'filter', 'unknown'],
  ] as const)('%s, %s, at an %s is the kind %s', async (code, category, stage, kind) => {
    const { store, read } = await opened(tempTree());

    await store.store([
      letter(1, { stage, id: `r:${stage}:m`, fault: new Fault(code, 'x', { category }) }),
    ]);

    expect((await read())[0]?.meta.error_kind).toBe(kind);
  });
});

describe('a file of dead letters', () => {
  it('that a crash has torn loses the torn line only', async () => {
    const folder = tempTree();
    const before = await opened(folder);
    await before.store.store(range(1, 2));
    appendFileSync(before.file, '{"seq":3,"id":"r3:outp');

    const after = await opened(folder);
    await after.store.store([letter(3)]);

    await expect(after.ids()).resolves.toEqual(['r1', 'r2', 'r3']);
    expect(after.lines()).toEqual(['warn torn dead letter removed']);
  });

  it('that lacks its last line break is gone on with', async () => {
    const folder = tempTree();
    const before = await opened(folder);
    await before.store.store(range(1, 2));
    writeFileSync(before.file, readFileSync(before.file, 'utf8').trimEnd());

    const after = await opened(folder);
    await after.store.store([letter(3)]);

    await expect(after.ids()).resolves.toEqual(['r1', 'r2', 'r3']);
    expect(after.lines()).toEqual([]);
  });

  it('that is damaged is refused, naming the line, and stays as it is', async () => {
    const folder = tempTree();
    const before = await opened(folder);
    await before.store.store(range(1, 3));
    const damaged = readFileSync(before.file, 'utf8').replace('"id":"r2', '"id":r2');
    writeFileSync(before.file, damaged);

    await expect(opened(folder)).rejects.toMatchObject({
      code: 'dead-letter.unreadable',
      message: expect.stringContaining('Line 2') as string,
    });
    expect(readFileSync(before.file, 'utf8')).toBe(damaged);
  });

  it('may be removed or edited by a person at any time', async () => {
    const { store, file, ids } = await opened(tempTree());
    await store.store(range(1, 3));
    rmSync(file);
    await store.store([letter(4)]);
    await expect(ids()).resolves.toEqual(['r4']);

    await store.store([letter(5)]);
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(1).join('\n'));
    await store.store([letter(6)]);

    await expect(ids()).resolves.toEqual(['r5', 'r6']);
  });

  it('that cannot be written stores nothing, and can be tried again', async () => {
    const folder = tempTree();
    const { store, file, ids } = await opened(folder);
    mkdirSync(file);
    await expect(store.store([letter(1)])).rejects.toMatchObject({
      code: 'dead-letter.unwritable',
    });
    rmSync(file, { recursive: true });

    await store.store([letter(1)]);

    await expect(ids()).resolves.toEqual(['r1']);
  });
});

describe('a payload that is too large for a line', () => {
  const large = (id: number): JsonRecord => ({ id, text: 'é'.repeat(500) });

  it('goes to a file beside it, in full', async () => {
    const folder = tempTree();
    const { store, read } = await opened(folder, { maxEventBytes: 200 });

    await store.store([letter(1, { record: large(1) }), letter(2)]);

    const [entry, small] = await read();
    expect(entry).not.toHaveProperty('record');
    expect(entry?.payload_truncated).toBe(false);
    const { file = '', bytes } = entry?.payload_ref ?? {};
    const payload = readFileSync(path.join(folder, file), 'utf8');
    expect(JSON.parse(payload)).toEqual(large(1));
    expect(Buffer.byteLength(payload)).toBe(bytes);
    expect(small?.record).toEqual({ id: 2, name: 'Jane 2' });
  });

  it('is cut off on request', async () => {
    const folder = tempTree();
    const { store, read } = await opened(folder, { maxEventBytes: 64, truncate: true });

    await store.store([letter(1, { record: large(1) })]);

    const [entry] = await read();
    expect(entry).toMatchObject({ payload_truncated: true });
    expect(entry?.raw).toMatch(/^\{"id":1,"text":"é+$/);
    expect(Buffer.byteLength(entry?.raw ?? '')).toBeLessThanOrEqual(64);
    expect(readdirSync(folder)).toEqual(['orders.dead-letters.ndjson']);
  });

  it('goes when its entry does', async () => {
    const folder = tempTree();
    const { store, time } = await opened(folder, { maxEventBytes: 200, maxAgeSecs: 60 });
    await store.store([letter(1, { record: large(1) })]);
    expect(readdirSync(path.join(folder, 'orders.dead-letters'))).toHaveLength(1);

    time.now = new Date('2026-05-01T00:10:00Z');

    await vi.waitFor(
      () => expect(readdirSync(path.join(folder, 'orders.dead-letters'))).toEqual([]),
      10_000,
    );
  });
});

describe('a queue that is full', () => {
  it('blocks: stores none of the batch, and goes on after entries were removed', async () => {
    const { store, file, ids } = await opened(tempTree(), { maxEntries: 3 });
    await store.store(range(1, 2));

    await expect(store.store(range(3, 4))).rejects.toMatchObject({
      code: 'dead-letter.full',
      retry: true,
    });
    await expect(ids()).resolves.toEqual(['r1', 'r2']);
    await store.store([letter(2)]);
    rmSync(file);
    await store.store(range(3, 4));

    await expect(ids()).resolves.toEqual(['r3', 'r4']);
  });

  it('fails for good', async () => {
    const { store, ids } = await opened(tempTree(), { maxEntries: 1, overflowPolicy: 'fail' });
    await store.store([letter(1)]);

    await expect(store.store([letter(2)])).rejects.toMatchObject({
      code: 'dead-letter.full',
      retry: false,
    });
    await expect(ids()).resolves.toEqual(['r1']);
  });

  it('rejects the new ones, and says so', async () => {
    const { store, ids, entries } = await opened(tempTree(), {
      maxEntries: 3,
      overflowPolicy: 'reject',
    });
    await store.store(range(1, 2));

    await store.store(range(3, 6));

    await expect(ids()).resolves.toEqual(['r1', 'r2', 'r3']);
    expect(entries.find(({ msg }) => msg === 'dead letters rejected')).toMatchObject({
      level: 'error',
      fields: { count: 3 },
    });
  });

  it('drops the oldest, and says so, also when the process is started again', async () => {
    const folder = tempTree();
    const policy = { maxEntries: 3, overflowPolicy: 'drop_oldest' } as const;
    const { store, entries } = await opened(folder, policy);
    await store.store(range(1, 3));

    await store.store(range(4, 5));
    await store.close();
    const again = await opened(folder, policy);
    await again.store.store([letter(6)]);
    await again.store.store(range(7, 200));

    await expect(again.ids()).resolves.toEqual(['r198', 'r199', 'r200']);
    expect(entries.find(({ msg }) => msg === 'dead letters evicted')?.fields).toEqual({ count: 2 });
    expect(again.rawLines()).toBeLessThan(110);
  });

  it('warns at 80 %, and once more at 95 %', async () => {
    const { store, entries } = await opened(tempTree(), { maxEntries: 20 });
    for (let id = 1; id <= 20; id++) await store.store([letter(id)]);

    expect(entries.map(({ level, fields }) => [level, fields['entries']])).toEqual([
      ['warn', 16],
      ['error', 19],
    ]);
  });
});

describe('an entry that is too old', () => {
  it('is removed at start, and while the process lives', async () => {
    const folder = tempTree();
    const before = await opened(folder);
    await before.store.store(range(1, 2));
    before.time.now = new Date('2026-05-01T00:02:00Z');
    await before.store.store([letter(3)]);
    await before.store.close();

    const after = await opened(folder, { maxAgeSecs: 60 });
    await expect(after.ids()).resolves.toEqual(['r1', 'r2', 'r3']);
    after.time.now = new Date('2026-05-01T00:02:30Z');

    await vi.waitFor(async () => expect(await after.ids()).toEqual(['r3']), 10_000);
    expect(after.entries).toMatchObject([{ msg: 'dead letters expired', fields: { count: 2 } }]);
    after.time.now = new Date('2026-05-01T00:12:30Z');
    await vi.waitFor(() => expect(existsSync(after.file)).toBe(false), 10_000);
  });

  it('stays for ever with 0', async () => {
    const folder = tempTree();
    const before = await opened(folder);
    await before.store.store([letter(1)]);
    await before.store.close();

    const after = await opened(folder, { maxAgeSecs: 0 });
    after.time.now = new Date('2036-05-01T00:00:00Z');
    await after.store.store([letter(2)]);

    await expect(after.ids()).resolves.toEqual(['r1', 'r2']);
  });
});
