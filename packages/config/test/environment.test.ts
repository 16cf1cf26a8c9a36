import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, validate } from '../src/index.ts';
import { flat, pipelineOf, resolved, spec, told } from './documents.ts';
import { plugins } from './plugins.ts';

const set = (value: string): string => flat(`filters: [{ type: set, target: a, value: ${value} }]`);

/** The value of the one `set` of a document. */
async function valueIn(text: string, env: Record<string, string | undefined>): Promise<unknown> {
  return (await pipelineOf(text, { env })).filters[0]?.config['value'];
}

describe('references to the environment', () => {
  it.each([
    ['${A}', 'one'],
    ['x${A}y${B}z${A}', 'xoneytwozone'],
    ['${a}', '${a}'],
    ['$A', '$A'],
    ['${A-B}', '${A-B}'],
    ['${A:-x}', '${A:-x}'],
    ['${ A }', '${ A }'],
    ['${1A}', '${1A}'],
    ['${_X1}', 'under'],
    ['$${A}', '$one'],
    ['{{ ${A} }}', '{{ one }}'],
    ['${N}', '${A}'],
  ])('%s becomes %s', async (written, value) => {
    const env = { A: 'one', B: 'two', _X1: 'under', N: '${A}' };

    expect(await valueIn(set(`"${written}"`), env)).toBe(value);
  });

  it('reach text at any depth, never keys, numbers or booleans', async () => {
    expect(
      await valueIn(set('{ "${A}": ["${A}", { deep: "${A}" }, 1, true, null] }'), { A: 'x' }),
    ).toEqual({ '${A}': ['x', { deep: 'x' }, 1, true, null] });
  });

  it('reach descriptions, tags and `defaults`', async () => {
    const pipeline = await pipelineOf(
      flat(
        'description: "${A}"\ntags: ["${A}"]\ndefaults: { retry: { retryHintFromBody: "${A}" } }',
      ),
      { env: { A: 'x' } },
    );

    expect(pipeline).toMatchObject({
      description: 'x',
      tags: ['x'],
      defaults: { retry: { retryHintFromBody: 'x' } },
    });
  });

  it('escape with two dollars in a spec document', async () => {
    const text = spec('processors: [{ type: set, target: a, value: "$${A} ${A} $$${A}" }]');

    expect(await valueIn(text, { A: 'x' })).toBe('${A} x $${A}');
  });

  it('stay as they are without an environment', async () => {
    expect((await pipelineOf(set('"${A}"'))).filters[0]?.config['value']).toBe('${A}');
    expect(
      (await pipelineOf(spec('processors: [{ type: set, target: a, value: "$${A}" }]'))).filters[0]
        ?.config['value'],
    ).toBe('$${A}');
  });

  it('are not looked at by `validate`', async () => {
    const parsed = await parse(set('"${MISSING}"'), 'a.yaml');

    expect(await validate(parsed, plugins())).toEqual({ problems: [], warnings: [] });
  });

  it('are all named when they are missing or empty, in one problem', async () => {
    const text = flat(`filters:
  - { type: set, target: a, value: "\${ZED} \${EMPTY}" }
  - { type: set, target: b, value: ["\${ALPHA}", "\${ZED}", "\${THERE}"] }
`);

    const { problems } = await resolved(text, { env: { EMPTY: '', THERE: 'secret' } });

    expect(problems).toMatchObject([
      {
        code: 'env.unresolved',
        pointer: '/filters/0/value',
        line: 5,
        message: 'unresolved environment variable(s): ALPHA, EMPTY, ZED',
      },
    ]);
  });

  it('are not looked at while the document is wrong', async () => {
    const { problems } = await told(set('"${MISSING}", valeu: 1'), { env: {} });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('valeu');
  });

  it('must fit as text before', async () => {
    const { problems } = await told(flat('filters: [{ type: mapping, mappings: "${A}" }]'), {
      env: { A: '[]' },
    });

    expect(problems[0]).toContain('expected array, got string');
  });

  it('must fit as values after', async () => {
    const input = '{ type: httpPolling, endpoint: x, retry: { retryHintFromBody: "${A}" } }';
    const text = flat('description: "${A}"', input);

    const { problems } = await resolved(text, { env: { A: 'x'.repeat(2000) } });

    expect(problems).toMatchObject([{ code: 'config.length', pointer: '/description', line: 4 }]);
  });
});

describe('what is exempt', () => {
  it('a connectionStringRef, which must be there all the same', async () => {
    const text = flat('', '{ type: query, connectionStringRef: "${DB_URL}", query: x }');
    const env = { DB_URL: 'postgres://secret' };

    expect((await pipelineOf(text, { env })).input.config['connectionStringRef']).toBe('${DB_URL}');
    expect((await told(text, { env: {} })).problems[0]).toContain('variable(s): DB_URL');
  });

  it('one of a module that is switched off', async () => {
    const off = (more: string): string =>
      flat('', `{ type: query, connectionStringRef: "\${DB_URL}", query: x, ${more} }`);

    expect((await told(off('enabled: false'), { env: {} })).problems).toEqual([]);
    expect((await told(off('enabled: true'), { env: {} })).problems).toHaveLength(1);
    expect(
      (
        await told(
          spec(
            'source: { type: query, config: { enabled: false, connectionStringRef: "${DB_URL}", query: x } }',
          ),
          { env: {} },
        )
      ).problems,
    ).toEqual([]);
  });

  it('`inline` of javascript, and of nothing else', async () => {
    const flatOne = flat(
      'filters: [{ type: javascript, inline: "`${A}`" }, { type: set, target: a, value: { inline: "${A}" } }]',
    );
    const specOne = spec(
      'processors: [{ type: javascript, id: j, config: { inline: "`${A}` $${A}" } }]',
    );
    const env = { A: 'x' };

    const { filters } = await pipelineOf(flatOne, { env });
    const { filters: specFilters } = await pipelineOf(specOne, { env });

    expect(filters[0]?.config['inline']).toBe('`${A}`');
    expect(filters[1]?.config['value']).toEqual({ inline: 'x' });
    expect(specFilters[0]?.config['inline']).toBe('`${A}` $${A}');
  });
});

describe('a value of the environment', () => {
  it('never changes the structure of the document', async () => {
    const value = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom(
        'a: b\n- c',
        '"',
        "'",
        '{"x": 1}',
        '{{ x }}',
        '${A}',
        '$${A}',
        '$&',
        '$1',
        '*a',
      ),
    );

    await fc.assert(
      fc.asyncProperty(value, async (value) => {
        expect(await valueIn(set('"<${A}>"'), { A: value })).toBe(`<${value}>`);
      }),
      { numRuns: 100 },
    );
  });

  it('never shows in a problem or a warning', async () => {
    const secret = 's3cr3t-s3cr3t';
    const places = [
      'description: "${S}"',
      'version: "${S}"',
      'tags: ["${S}", "${S}"]',
      'outputs: [{ type: console, tags: ["${S}", "${S}"], onError: "${S}" }]',
      'filters: [{ type: http_call, endpoint: "${S}", headers: { A: "${S}" }, authentication: { type: "${S}" } }]',
      'filters: [{ type: mapping, mappings: [{ target: a, onMissing: "${S}" }] }]',
      'requires: { file: "${S}" }',
      'commitPolicy: { mode: "${S}" }',
      'filters: [{ type: "${S}" }]',
    ].map((more) => flat(more));

    for (const text of places) {
      for (const value of [secret, secret.repeat(200)]) {
        const { problems, warnings } = await resolved(text, { env: { S: value } });

        expect(JSON.stringify([problems, warnings])).not.toContain('s3cr3t');
      }
    }
  });
});
