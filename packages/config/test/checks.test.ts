import { describe, expect, it } from 'vitest';
import { codes, flat, spec, told, warned } from './documents.ts';

const polling = (rest = ''): string => `{ type: httpPolling, endpoint: x${rest} }`;
const cursor = ', statePersistence: { id: { enabled: true, field: id } }';

describe('ids', () => {
  it.each([
    [flat('outputs: [{ type: console }, { type: console }]'), ['config.duplicate-id /outputs/1']],
    [
      flat('outputs: [{ type: console, id: a }, { type: file, path: x, id: a }]'),
      ['config.duplicate-id /outputs/1/id'],
    ],
    [
      flat('outputs: [{ type: console }, { type: file, path: x, id: console }]'),
      ['config.duplicate-id /outputs/1/id'],
    ],
    [flat('outputs: [{ type: console, id: a }, { type: console, id: b }, { type: console }]'), []],
    [flat('filters: [{ type: drop, id: a }]\noutputs: [{ type: console, id: a }]'), []],
    [flat('filters: [{ type: drop, id: console }]'), []],
    [spec('sinks: [{ type: console }, { type: console, config: { id: x } }]'), []],
    [
      spec('sinks: [{ type: console, id: x }, { type: console, config: { id: x } }]'),
      ['config.duplicate-id /spec/sinks/1/config/id'],
    ],
    [
      spec(
        'processors: [{ type: drop, id: a }, { type: loop, field: a, filters: [{ type: drop, id: a }] }]',
      ),
      ['config.duplicate-id /spec/processors/1/filters/0/id'],
    ],
    [
      spec('source: { type: file, path: a, id: a }\nsinks: [{ type: console, id: a }]'),
      ['config.duplicate-id /spec/sinks/0/id'],
    ],
    [spec('processors: [{ type: drop, id: console }]'), []],
  ])('%j', async (text, expected) => {
    expect(await codes(text)).toEqual(expected);
  });

  it('say who has the id', async () => {
    const { problems } = await told(flat('outputs: [{ type: console }, { type: console }]'));

    expect(problems).toEqual([
      '3:30 outputs[1]: the id "console" is taken by outputs[0] → Give each output of one type its `id`.',
    ]);
  });
});

describe('the commit policy', () => {
  const two = (required: string, more: string): string =>
    flat(`outputs: [{ type: console${required} }, { type: file, path: x${required} }]\n${more}`);

  it.each([
    [two(', required: false', ''), ['config.no-required-output /outputs']],
    [
      two(', required: false', 'commitPolicy: { mode: required }'),
      ['config.no-required-output /commitPolicy'],
    ],
    [
      two(
        ', required: false',
        'deadLetter: { target: { type: output, output: { type: console } } }',
      ),
      ['config.no-required-output /outputs'],
    ],
    [two(', required: false', 'commitPolicy: { mode: all }'), []],
    [two(', required: false', 'commitPolicy: { mode: quorum, quorum: 1 }'), []],
    [two('', 'commitPolicy: { mode: quorum }'), ['config.required /commitPolicy']],
    [two('', 'commitPolicy: { mode: quorum, quorum: 0 }'), ['config.range /commitPolicy/quorum']],
    [two('', 'commitPolicy: { mode: quorum, quorum: 2 }'), []],
    [two('', 'commitPolicy: { mode: quorum, quorum: 3 }'), ['config.quorum /commitPolicy/quorum']],
    [two(', required: false', 'commitPolicy: { mode: none }'), ['config.enum /commitPolicy/mode']],
    [flat('commitPolicy: { mode: quorum, quorum: 2 }'), ['config.quorum /commitPolicy/quorum']],
    [
      spec('sinks: [{ type: console, config: { required: false } }]'),
      ['config.no-required-output /spec/sinks'],
    ],
    [
      spec('commit_policy: { mode: quorum, quorum: 2 }'),
      ['config.quorum /spec/commit_policy/quorum'],
    ],
  ])('%j', async (text, expected) => {
    expect(await codes(text)).toEqual(expected);
  });
});

describe('routing', () => {
  const chosen = 'outputs: [{ type: console, when: total > 1 }, { type: file, path: x }]';

  it.each([
    [flat(chosen), ['config.required ']],
    [flat(`${chosen}\nrouting: all`), []],
    [flat(`${chosen}\nrouting: first-match`), []],
    [flat(`${chosen}\nrouting: last`), ['config.enum /routing']],
    [flat('routing: first-match'), []],
    [spec('sinks: [{ type: console, config: { when: x } }]'), ['config.required /spec']],
  ])('%j', async (text, expected) => {
    expect(await codes(text)).toEqual(expected);
  });

  it('tells what to write', async () => {
    expect((await told(flat(chosen))).problems).toEqual([
      '1:1 /: missing required property "routing" → An output has a `when`: write `routing: all` or `routing: first-match`.',
    ]);
  });
});

describe('dead letters', () => {
  it.each([
    [
      flat('outputs: [{ type: console, onError: DLQ }]'),
      ['config.no-dead-letter /outputs/0/onError'],
    ],
    [
      flat('filters: [{ type: loop, field: a, filters: [{ type: drop, onError: dlq }] }]'),
      ['config.no-dead-letter /filters/0/filters/0/onError'],
    ],
    [flat('', '{ type: file, path: a, onError: dlq }'), ['config.no-dead-letter /input/onError']],
    [flat('defaults: { onError: dlq }'), ['config.no-dead-letter /defaults/onError']],
    [flat('unmatched: dlq'), ['config.no-dead-letter /unmatched']],
    [
      flat('defaults: { onError: dlq }\ndeadLetter: false'),
      ['config.no-dead-letter /defaults/onError'],
    ],
    [flat('defaults: { onError: dlq }\nunmatched: dlq\ndeadLetter: true'), []],
    [
      flat('defaults: { onError: dlq }\ndeadLetter: { maxEntries: 0 }'),
      ['config.range /deadLetter/maxEntries'],
    ],
    [
      spec('defaults: { onError: dlq }\njournal: {}'),
      ['config.no-dead-letter /spec/defaults/onError'],
    ],
    [spec('defaults: { onError: dlq }\njournal: { enabled: true }'), []],
    [
      spec('sinks: [{ type: console, config: { onError: dlq } }]'),
      ['config.no-dead-letter /spec/sinks/0/config/onError'],
    ],
  ])('%j', async (text, expected) => {
    expect(await codes(text)).toEqual(expected);
  });
});

describe('the memory budget', () => {
  it.each([
    [flat('batch: {}'), []],
    [flat('batch: { maxInflight: 2 }'), []],
    [flat('batch: { maxInflight: 3 }'), ['config.memory /batch']],
    [flat('memory: { maxBytes: 67108863 }'), ['config.memory /memory']],
    [flat('memory: { maxBytes: 50331648 }\nbatch: {}'), []],
    [flat('memory: { maxBytes: 50331647 }\nbatch: {}'), ['config.memory /memory']],
    [flat('memory: { maxBytes: 134217728 }\nbatch: { maxInflight: 6 }'), []],
    [flat('batch: {}', polling(', maxPageBytes: 33554433')), ['config.memory /batch']],
    [flat('batch: {}', polling(', maxPageBytes: 33554432')), []],
    [
      flat('batch: { maxInflight: 0 }\nmemory: { maxBytes: 1 }'),
      ['config.range /batch/maxInflight'],
    ],
    [spec('batch: { max_inflight: 3 }'), ['config.memory /spec/batch']],
  ])('%j', async (text, expected) => {
    expect(await codes(text)).toEqual(expected);
  });

  it('says the numbers', async () => {
    expect(
      (
        await told(
          flat(
            'memory: { maxBytes: 1000 }\nbatch: { maxBytes: 300, maxInflight: 2 }',
            polling(', maxPageBytes: 200'),
          ),
        )
      ).problems,
    ).toEqual([
      '4:9 memory: the batches do not fit into the memory budget: (2 in flight + 1) × 300 bytes + a page of 200 bytes = 1100, more than 1000 → Make batches smaller, or the budget larger.',
    ]);
  });

  it('lets only a webhook deliver at once', async () => {
    expect(await codes(flat('batch: { maxMs: 0 }', '{ type: webhook, path: /x }'))).toEqual([]);
    expect(await codes(flat('batch: { maxMs: 0 }', polling()))).toEqual([
      'config.range /batch/maxMs',
    ]);
  });
});

describe('the time zone of a schedule', () => {
  it.each([
    ['schedule: "TZ=Europe/Berlin 0 6 * * *"', []],
    ['schedule: "0 6 * * *", timezone: Europe/Berlin', []],
    ['schedule: "TZ=Europe/Berlin 0 6 * * *", timezone: Europe/Berlin', []],
    [
      'schedule: "TZ=Europe/Berlin 0 6 * * *", timezone: Europe/Paris',
      ['config.timezone /input/timezone'],
    ],
    ['schedule: "CRON_TZ=UTC @daily", timezone: Europe/Paris', ['config.timezone /input/timezone']],
  ])('%s', async (words, expected) => {
    expect(await codes(flat('', `{ type: file, path: a, ${words} }`))).toEqual(expected);
  });
});

describe('required versions', () => {
  it.each([
    ['file: "^1.2"', []],
    ['file: "1.4.2"', []],
    ['"file@1": ">=1"', []],
    ['httpCall: "*"', []],
    ['file: "^2"', ['config.requires /requires/file', 'config.requires /requires/file']],
    ['set: "~1.3.0"', ['config.requires /requires/set']],
    ['nowhere: "*"', ['config.requires /requires/nowhere']],
    ['file: newest', ['config.requires /requires/file']],
  ])('%s', async (requires, expected) => {
    expect(await codes(flat(`requires: { ${requires} }`))).toEqual(expected);
    expect(await codes(spec(`requires: { ${requires} }`))).toEqual(
      expected.map((each) => each.replace(' /', ' /spec/')),
    );
  });

  it('are both named', async () => {
    expect((await told(flat('requires: { set: "^2.1" }'))).problems).toEqual([
      '4:18 requires.set: requires filter "set" ^2.1, installed is 1.4.2 (@cannectors/filter-set) → Install one that fits: pnpm add "@cannectors/filter-set@^2.1"',
    ]);
  });
});

describe('warnings', () => {
  it.each([
    [flat('', '{ type: file, path: a, onError: skip }'), ['config.no-effect /input/onError']],
    [flat('', '{ type: file, path: a, onError: Log }'), ['config.no-effect /input/onError']],
    [flat('', '{ type: file, path: a, onError: fail }'), []],
    [flat('defaults: { onError: skip }'), []],
    [
      flat('filters: [{ type: drop, id: a }, { type: drop, id: a }]'),
      ['config.duplicate-id /filters/1/id'],
    ],
    [flat('commitPolicy: { quorum: 1 }'), ['config.no-effect /commitPolicy/quorum']],
    [
      flat('outputs: [{ type: console, required: true, lag: { mode: gap } }]'),
      ['config.no-effect /outputs/0/lag'],
    ],
    [
      flat('outputs: [{ type: console, onError: skip }]', polling(cursor)),
      ['config.may-miss-records /outputs/0/onError'],
    ],
    [
      flat('defaults: { onError: log }', polling(cursor)),
      ['config.may-miss-records /output/onError'],
    ],
    [flat('onErrorScope: records\ndefaults: { onError: log }', polling(cursor)), []],
    [flat('defaults: { onError: log }', polling(', statePersistence: { id: { field: id } }')), []],
    [spec(`source: ${polling(cursor)}\ndefaults: { onError: log }`), []],
  ])('%j', async (text, expected) => {
    expect(await warned(text)).toEqual(expected);
  });
});
