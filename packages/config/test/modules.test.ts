import { Fault } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { nestedModule, parse, problemOf, resolve } from '../src/index.ts';
import { codes, flat, pipelineOf, spec, told } from './documents.ts';
import { manifest, object, plugins } from './plugins.ts';

const filters = (...steps: string[]): string =>
  flat(`filters:\n${steps.map((step) => `  - ${step}\n`).join('')}`);

describe('the words of a module', () => {
  it.each([
    ['{ target: a, value: 1 }', 'config.required /filters/0'],
    ['{ type: 5 }', 'config.type /filters/0/type'],
    ['{ type: drop, id: "A b" }', 'config.pattern /filters/0/id'],
    ['{ type: drop, description: 1 }', 'config.type /filters/0/description'],
    ['{ type: drop, tags: [a, a] }', 'config.items /filters/0/tags'],
    ['{ type: drop, enabled: "true" }', 'config.type /filters/0/enabled'],
    ['{ type: drop, onError: retry }', 'config.enum /filters/0/onError'],
    ['{ type: drop, onError: 1 }', 'config.type /filters/0/onError'],
    ['{ type: drop, schedule: "@hourly" }', 'config.unknown-key /filters/0/schedule'],
    ['{ type: drop, when: x }', 'config.unknown-key /filters/0/when'],
    ['{ type: drop, __proto__: 1 }', 'config.unknown-key /filters/0/__proto__'],
    ['{ type: Drop }', 'config.unknown-type /filters/0/type'],
    ['{ type: drop, config: {} }', 'config.unknown-key /filters/0/config'],
  ])('%s: %s', async (step, expected) => {
    expect(await codes(filters(step))).toEqual([expected]);
  });

  it.each([
    ['fail', 'fail'],
    ['FAIL', 'fail'],
    ['" Skip "', 'skip'],
    ['Log', 'log'],
    ['""', 'fail'],
    ['"  "', 'fail'],
  ])('onError: %s means %s', async (written, meant) => {
    const pipeline = await pipelineOf(filters(`{ type: drop, onError: ${written} }`));

    expect(pipeline.filters[0]?.onError).toBe(meant);
  });

  it.each([
    ['{ type: file, path: a, schedule: "" }', 'config.length /input/schedule'],
    ['{ type: file, path: a, overlap: all }', 'config.enum /input/overlap'],
    ['{ type: file, path: a, misfire: twice }', 'config.enum /input/misfire'],
    ['{ type: file, path: a, maxRunMs: 0 }', 'config.range /input/maxRunMs'],
    ['{ type: file, path: a, timezone: 1 }', 'config.type /input/timezone'],
    ['{ type: file, path: a, required: true }', 'config.unknown-key /input/required'],
  ])('of an input: %s', async (input, expected) => {
    expect(await codes(flat('', input))).toEqual([expected]);
  });

  it.each([
    ['{ type: console, required: maybe }', 'config.type /outputs/0/required'],
    ['{ type: console, lag: { mode: never } }', 'config.enum /outputs/0/lag/mode'],
    ['{ type: console, schedule: "@daily" }', 'config.unknown-key /outputs/0/schedule'],
  ])('of an output: %s', async (output, expected) => {
    expect(await codes(flat(`outputs: [${output}]`))).toEqual([expected]);
  });
});

describe('a type that is not there', () => {
  it.each([
    ['input', 'htpPolling', 'did you mean "httpPolling"?'],
    ['input', 'http_polling', 'did you mean "httpPolling"?'],
    ['input', 'database', 'Install it: pnpm add @cannectors/input-database'],
    ['input', 'httpRequest', '"httpRequest" is a type of output.'],
    [
      'input',
      'kafkaTopic',
      'Install the package that brings it, by its usual name: pnpm add cannectors-input-kafka-topic',
    ],
    [
      'input',
      'file@3',
      'Installed is @cannectors/input-file@1.4.2; add major 3 under another name: pnpm add @cannectors/input-file-3@npm:@cannectors/input-file@3',
    ],
    ['filter', 'sql_call', 'Install it: pnpm add @cannectors/filter-sql-call'],
    ['filter', 'http_cal', 'did you mean "http_call"?'],
    ['filter', 'scirpt', 'did you mean "script"? Install it: pnpm add @cannectors/filter-script'],
    ['output', 'soapRequest', 'Install it: pnpm add @cannectors/output-soap-request'],
  ])('%s %s', async (kind, type, hint) => {
    const text = {
      input: flat('', `{ type: ${type} }`),
      filter: filters(`{ type: ${type} }`),
      output: flat(`outputs: [{ type: ${type} }]`),
    }[kind];

    const { problems } = await told(text ?? '');

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      new RegExp(
        `invalid ${kind}(\\[0\\])? configuration: type "${type}" is unknown, supported ${kind} types: `,
      ),
    );
    expect(problems[0]?.split(' → ')[1]).toBe(hint);
  });

  it('says so when nothing is installed', async () => {
    const { problems } = await told(flat(), { catalog: { find: () => undefined, list: () => [] } });

    expect(problems[0]).toContain('supported input types: none is installed');
  });
});

describe('which plugin is asked', () => {
  it('knows aliases and majors', async () => {
    const catalog = plugins([
      manifest('output', 'console', object({ colour: { type: 'string' } }), { version: '2.0.0' }),
    ]);
    const text = flat(`outputs:
  - { type: console, id: new, colour: red }
  - { type: console@1, id: old, pretty: true }
  - { type: console@1, id: wrong, colour: red }
filters: [{ type: httpCall, endpoint: x }]`);

    expect(await codes(text, { catalog })).toEqual(['config.unknown-key /outputs/2/colour']);
  });

  it('prefers the validator that the package was built with', async () => {
    const asked: unknown[] = [];
    const built = Object.assign(
      (config: unknown) => {
        asked.push(config);
        return false;
      },
      {
        errors: [
          {
            keyword: 'required',
            instancePath: '',
            schemaPath: '#/required',
            params: { missingProperty: 'x' },
          },
        ],
      },
    );
    const catalog = plugins([
      manifest('filter', 'packed', object({}), {
        validator: () => Promise.resolve({ default: built }),
      }),
    ]);

    expect(await codes(filters('{ type: packed, y: 1 }'), { catalog })).toEqual([
      'config.required /filters/0',
    ]);
    expect(asked).toEqual([{ y: 1 }]);
  });

  it('says which schema cannot be used', async () => {
    const catalog = plugins([
      manifest('filter', 'broken', { type: 'nonsense' }),
      manifest(
        'filter',
        'unreadable',
        {},
        {
          schema: () => {
            throw new Error('no such file');
          },
        },
      ),
    ]);
    const { problems } = await told(filters('{ type: broken }', '{ type: unreadable }'), {
      catalog,
    });

    expect(problems[0]).toMatch(
      /^5:13 filters\[0\]\.type: the schema of @cannectors\/filter-broken@1\.4\.2 cannot be used: /,
    );
    expect(problems[1]).toMatch(/no such file$/);
  });
});

describe('what a schema refuses', () => {
  const http = (rest: string): string => filters(`{ type: http_call, endpoint: x, ${rest} }`);

  it.each([
    [http('timeoutMs: 0'), 'filters[0].timeoutMs: expected a number >= 1'],
    [http('retry: { maxAttempts: 11 }'), 'filters[0].retry.maxAttempts: expected a number <= 10'],
    [
      http('retry: { maxAttempt: 1 }'),
      `filters[0].retry.maxAttempt: unknown properties 'maxAttempt' are not allowed → did you mean "maxAttempts"?`,
    ],
    [
      http('headers: { A: 1 }'),
      'filters[0].headers.A: expected string, got number → Put it in quotes.',
    ],
    [
      http('authentication: { type: bearer }'),
      'filters[0].authentication: missing required property "token"',
    ],
    [
      http('authentication: { type: basic, token: x }'),
      `filters[0].authentication: missing required properties "user", "password"`,
    ],
    [
      http('authentication: { type: basci }'),
      'filters[0].authentication.type: invalid value, supported: "basic", "bearer", "oauth2" → did you mean "basic"?',
    ],
    [http('authentication: {}'), 'filters[0].authentication: missing required property "type"'],
    [http('authentication: none'), 'filters[0].authentication: expected object, got string'],
    [
      filters('{ type: remove, target: 5 }'),
      'filters[0].target: expected string or array, got number → Put it in quotes.',
    ],
    [filters('{ type: remove, target: [] }'), 'filters[0].target: expected at least 1 item'],
    [
      filters('{ type: drop, tags: { first: a } }'),
      'filters[0].tags: expected array, got object → Write a list, without names: `[first, second]`.',
    ],
    [
      filters('{ type: remove, target: [""] }'),
      'filters[0].target[0]: expected at least 1 character',
    ],
    [
      filters('{ type: remove, target: 12345678901234567890 }'),
      'filters[0].target: expected string or array, got a whole number beyond 2^53',
    ],
    [
      flat('', '{ type: query, query: x }'),
      'input: missing required property "connectionString" or "connectionStringRef"',
    ],
    [
      flat('', '{ type: query, connectionString: x, query: a, queryFile: b }'),
      'input: only one may be given of "query", "queryFile"',
    ],
    [
      flat('', '{ type: httpPolling, endpoint: x, pagination: { type: pages } }'),
      'input.pagination.type: invalid value, supported: "page", "offset" → did you mean "page"?',
    ],
  ])('%j', async (text, expected) => {
    const { problems } = await told(text);

    expect(problems.map((each) => each.slice(each.indexOf(' ') + 1))).toContain(expected);
  });

  it('is in the house’s words whatever the keyword', async () => {
    const catalog = plugins([
      manifest('filter', 'strict', {
        type: 'object',
        properties: {
          a: { type: 'string', pattern: '^x', maxLength: 2 },
          b: { type: 'array', maxItems: 1, uniqueItems: true },
          c: { type: 'object', minProperties: 1, maxProperties: 1 },
          d: { type: 'number', multipleOf: 5, exclusiveMinimum: 0, exclusiveMaximum: 100 },
          e: { type: 'object', propertyNames: { pattern: '^[a-z]+$' } },
          f: { const: 'only' },
          g: { anyOf: [{ const: 'one' }, { const: 'two' }] },
          h: { not: { type: 'string' } },
          i: { anyOf: [{ $ref: '#/$defs/number' }, { $ref: '#/$defs/text' }] },
          j: { type: ['string', 'null'] },
          l: { type: 'object', propertyNames: { enum: ['token'] } },
        },
        dependentRequired: { a: ['z'] },
        unevaluatedProperties: false,
        $defs: { number: { type: 'number' }, text: { type: 'string' } },
      }),
    ]);
    const { problems } = await told(
      flat(`filters:
  - type: strict
    a: yyy
    b: [1, 1]
    c: {}
    d: -1
    e: { A: 1 }
    f: other
    g: tow
    h: x
    i: []
    j: 1
    k: 1
    l: { tokn: 1 }
`),
      { catalog },
    );

    expect(problems).toEqual([
      '5:5 filters[0]: missing required property "z", which "a" needs',
      '6:8 filters[0].a: expected at most 2 characters',
      '6:8 filters[0].a: expected a text that matches ^x',
      '7:8 filters[0].b: expected at most 1 item',
      '7:8 filters[0].b: expected unique items, but [0] and [1] are the same',
      '8:8 filters[0].c: expected at least 1 property',
      '9:8 filters[0].d: expected a number > 0',
      '9:8 filters[0].d: expected a multiple of 5',
      '10:10 filters[0].e.A: the key "A": expected a text that matches ^[a-z]+$',
      '11:8 filters[0].f: invalid value, supported: "only"',
      '12:8 filters[0].g: invalid value, supported: "one", "two" → did you mean "two"?',
      '13:8 filters[0].h: does not fit the rule "not" of its schema',
      '14:8 filters[0].i: expected number or string, got array',
      '15:8 filters[0].j: expected string or null, got number → Put it in quotes.',
      `16:5 filters[0].k: unknown properties 'k' are not allowed`,
      `17:10 filters[0].l.tokn: unknown properties 'tokn' are not allowed → did you mean "token"?`,
    ]);
  });
});

describe('lists of steps', () => {
  const nested = flat(`filters:
  - type: condition
    expression: x
    else:
      - type: loop
        field: lines
        filters:
          - { type: set, target: a }
          - { type: nowhere }
          - 5
          - { type: condition, expression: y, then: [{ type: drop, extra: 1 }] }
    then: 7
`);

  it('are checked at every depth', async () => {
    expect(await codes(nested)).toEqual([
      'config.required /filters/0/else/0/filters/0',
      'config.unknown-type /filters/0/else/0/filters/1/type',
      'config.type /filters/0/else/0/filters/2',
      'config.unknown-key /filters/0/else/0/filters/3/then/0/extra',
      'config.type /filters/0/then',
    ]);
  });

  it('are complete, each step one object', async () => {
    const pipeline = await pipelineOf(
      filters(
        '{ type: loop, field: a, filters: [{ type: mapping, id: m, onError: Skip, mappings: [{ target: b }] }] }',
      ),
    );
    const [loop] = pipeline.filters;
    const steps = loop?.config['filters'];

    expect(steps).toEqual([
      {
        type: 'mapping',
        id: 'm',
        enabled: true,
        onError: 'skip',
        mappings: [{ target: 'b', onMissing: 'setNull' }],
      },
    ]);
    expect(
      nestedModule((steps as [Parameters<typeof nestedModule>[0]])[0], '/filters/0/filters/0'),
    ).toEqual({
      type: 'mapping',
      id: 'm',
      enabled: true,
      onError: 'skip',
      config: { mappings: [{ target: 'b', onMissing: 'setNull' }] },
      pointer: '/filters/0/filters/0',
      configPointer: '/filters/0/filters/0',
    });
  });

  it('are found in lists of objects and in alternatives', async () => {
    const steps = { type: 'array', 'x-cannectors': 'filters' };
    const catalog = plugins([
      manifest(
        'filter',
        'cases',
        object({
          cases: { type: 'array', items: object({ when: { type: 'string' }, do: steps }) },
          otherwise: {
            oneOf: [
              object({ type: { const: 'run' }, do: steps }),
              object({ type: { const: 'stop' } }),
            ],
          },
        }),
      ),
    ]);
    const text = filters(
      '{ type: cases, cases: [{ when: x, do: [{ type: set }] }], otherwise: { type: run, do: [{ type: nowhere }] } }',
    );

    expect(await codes(text, { catalog })).toEqual([
      'config.required /filters/0/cases/0/do/0',
      'config.unknown-type /filters/0/otherwise/do/0/type',
    ]);
  });
});

describe('defaults of a schema', () => {
  it('are filled in at every depth, where the config says nothing', async () => {
    const pipeline = await pipelineOf(
      filters(
        '{ type: mapping, mappings: [{ target: a }, { target: b, onMissing: fail }] }',
        '{ type: http_call, endpoint: x, authentication: { type: oauth2, clientId: c } }',
      ),
    );

    expect(pipeline.filters.map(({ config }) => config)).toEqual([
      {
        mappings: [
          { target: 'a', onMissing: 'setNull' },
          { target: 'b', onMissing: 'fail' },
        ],
      },
      {
        endpoint: 'x',
        headers: {},
        timeoutMs: 30_000,
        authentication: { type: 'oauth2', clientId: 'c', scope: 'all' },
      },
    ]);
  });

  it('are not shared', async () => {
    const {
      filters: [one, two],
    } = await pipelineOf(
      filters('{ type: http_call, endpoint: x }', '{ type: http_call, endpoint: y }'),
    );

    expect(one?.config['headers']).not.toBe(two?.config['headers']);
  });
});

describe('a fault of a plugin', () => {
  it.each([
    [filters('{ type: set, target: _errors, value: 1 }'), '/target', '/filters/0/target', 5, 26],
    [
      spec('processors:\n  - type: set\n    config:\n      target: _errors\n      value: 1'),
      '/target',
      '/spec/processors/0/config/target',
      9,
      17,
    ],
    [
      spec(
        'processors:\n  - type: loop\n    field: a\n    config:\n      filters:\n        - { type: set, config: { target: x, value: 1 } }',
      ),
      '/filters/0/target',
      '/spec/processors/0/config/filters/0/config/target',
      11,
      44,
    ],
    [
      spec('processors:\n  - type: set\n    target: _errors\n    config: { value: 1 }'),
      '/target',
      '/spec/processors/0/target',
      8,
      15,
    ],
    [filters('{ type: drop }'), undefined, '/filters/0', 5, 5],
  ])('%j %s', async (text, pointer, expected, line, column) => {
    const parsed = await parse(text, 'a.yaml');
    const { pipeline } = await resolve(parsed, plugins(), undefined);
    const fault = new Fault('record.reserved', 'Kept.', {
      hint: 'Write elsewhere.',
      ...(pointer !== undefined && { pointer }),
    });

    const problem = problemOf(fault, pipeline!.filters[0]!, parsed);

    expect(problem).toEqual({
      code: 'record.reserved',
      pointer: expected,
      line,
      column,
      message: 'Kept.',
      hint: 'Write elsewhere.',
    });
  });
});
