import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StatementConfig } from '../src/config.ts';
import { compileStatement, type StatementOptions } from '../src/statement/statement.ts';

const context = { file: (name: string): string => path.resolve(name) };

function statement(config: StatementConfig, options: StatementOptions = {}) {
  return compileStatement(config, context, options);
}

describe('binding', () => {
  it('gives values with their types, in the order of the placeholders', () => {
    const insert = statement({
      query: 'INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6)',
      parameters: ['record.n', 'record.big', 'record.s', 'record.b', 'record.none', 'record.list'],
    });
    const record = { n: 1.5, big: 2n ** 60n, s: "'; DROP TABLE t; --", b: true, list: [2n ** 60n] };

    const bound = insert.bind('postgres', { record });

    expect(bound.text).toBe('INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6)');
    expect(bound.values).toEqual([
      1.5,
      2n ** 60n,
      "'; DROP TABLE t; --",
      true,
      null,
      '[1152921504606846976]',
    ]);
  });

  it('repeats a value for each `?`, and names the expressions behind', () => {
    const select = statement({
      query: 'SELECT * FROM t WHERE a = $2 OR b = $1 OR c = $2',
      parameters: ['record.one', 'record.two'],
    });
    const scope = { record: { one: 1, two: 2 } };

    expect(select.bind('sqlite', scope)).toEqual({
      text: 'SELECT * FROM t WHERE a = ? OR b = ? OR c = ?',
      values: [2, 1, 2],
      expressions: ['record.two', 'record.one', 'record.two'],
    });
    expect(select.bind('postgres', scope)).toEqual({
      text: 'SELECT * FROM t WHERE a = $1 OR b = $2 OR c = $1',
      values: [2, 1],
      expressions: ['record.two', 'record.one'],
    });
  });

  it('does not compute what stands in a branch that is left out', () => {
    const select = statement({
      query: 'SELECT * FROM t{% if record.id is defined %} WHERE id = $1{% endif %}',
      parameters: ['record.id + 1'],
    });

    expect(select.bind('mysql', { record: {} })).toMatchObject({
      text: 'SELECT * FROM t',
      values: [],
    });
    expect(select.bind('mysql', { record: { id: 4 } })).toMatchObject({
      text: 'SELECT * FROM t WHERE id = ?',
      values: [5],
    });
  });

  it('sees record, meta, state, pagination and the names of a loop', () => {
    const select = statement({
      query: 'SELECT $1, $2, $3, $4, $5',
      parameters: [
        'record.id',
        'meta.source',
        'state.lastId',
        'pagination.cursor ?? 0',
        'line.sku ?? "none"',
      ],
    });
    const plain = { id: 1, _metadata: { source: 'shop' } };
    const loop = {
      record: { id: 2 },
      line: { sku: 'A' },
      _metadata: { loop: { line: { index: 0 } } },
    };

    expect(() => select.bind('sqlite', { record: plain })).toThrow(/line/);
    expect(select.bind('sqlite', { record: loop, state: { lastId: '9' } }).values).toEqual([
      2,
      null,
      '9',
      0,
      'A',
    ]);
  });

  it('says that the statement could not be built, and why', () => {
    const select = statement({ query: 'SELECT $1', parameters: ['record.a.b'] });

    expect(() => select.bind('sqlite', { record: {} })).toThrow(
      expect.objectContaining({
        code: 'sql.not-built',
        pointer: '/parameters/0',
        message: expect.stringMatching(/^building parameterized query: /) as string,
        retry: false,
      }),
    );
  });

  it('is strict with what the blocks of a statement read', () => {
    const select = statement({
      query: 'SELECT 1{% for x in record.list %}, $1{% endfor %}',
      parameters: ['1'],
    });

    expect(select.bind('sqlite', { record: { list: [1, 2] } }).text).toBe('SELECT 1, ?, ?');
    expect(() => select.bind('sqlite', { record: {} })).toThrow(
      expect.objectContaining({ code: 'sql.not-built' }),
    );
  });
});

describe('what is refused when the pipeline is checked', () => {
  it.each<[string, StatementConfig, string, string]>([
    ['a value', { query: "SELECT '{{ record.id }}'" }, 'sql.value-in-query', '/query'],
    [
      'a value in a comment',
      { query: 'SELECT 1 -- {{ record.id }}' },
      'sql.value-in-query',
      '/query',
    ],
    ['a lone brace', { query: 'SELECT {{ 1' }, 'sql.braces-left', '/query'],
    ['raw braces', { query: '{% raw %}{{ x }}{% endraw %}' }, 'sql.braces-left', '/query'],
    ['white space', { query: ' \n ' }, 'sql.empty-query', '/query'],
    ['a broken block', { query: 'SELECT {% if %}' }, 'template.syntax', '/query'],
    ['no file', { queryFile: 'missing.sql' }, 'sql.no-query-file', '/queryFile'],
    ['a file outside', { queryFile: 'a/../../x.sql' }, 'sql.query-file-outside', '/queryFile'],
    ['$0', { query: 'SELECT $0', parameters: ['1'] }, 'sql.undeclared-parameter', '/query'],
    ['no parameters', { query: 'SELECT $1' }, 'sql.undeclared-parameter', '/query'],
    [
      'an expression that does not compile',
      { query: 'SELECT $1', parameters: ['1 +'] },
      'expression.syntax',
      '/parameters/0',
    ],
    [
      'a parameter that is not used',
      { query: "SELECT $1, '$2'", parameters: ['1', '2'] },
      'sql.unused-parameter',
      '/parameters/1',
    ],
  ])('%s', (_, config, code, pointer) => {
    expect(() => statement(config)).toThrow(expect.objectContaining({ code, pointer }));
  });

  it('in the words that say the number', () => {
    expect(() => statement({ query: 'SELECT $1, $2, $3', parameters: ['1', '2'] })).toThrow(
      'query references $3 but only 2 parameter(s) are declared',
    );
    expect(() => statement({ query: 'SELECT $1', parameters: ['1', '2'] })).toThrow(
      'parameter 2 is declared but $2 never appears in the query',
    );
  });

  it('with the form that is meant instead of a value', () => {
    expect(() => statement({ query: 'SELECT {{ record.id | upper }}' })).toThrow(
      expect.objectContaining({
        hint: expect.stringContaining('parameters: ["record.id|upper"]') as string,
      }),
    );
  });

  it('by the rules of the database, where it is known', () => {
    const query = "SELECT 'it\\'s $2', $1";

    expect(() => statement({ query, parameters: ['1'] })).toThrow('$2');
    expect(() =>
      compileStatement({ query, parameters: ['1'], driver: 'mysql' }, context),
    ).not.toThrow();
    expect(() =>
      compileStatement({ query, parameters: ['1'], connectionString: 'mysql://x/y' }, context),
    ).not.toThrow();
  });
});

describe('what is known before the first record', () => {
  it('names that parameters read, and state variables of blocks too', () => {
    const select = statement({
      query: '{% if state.offset > 0 %}SELECT $1{% endif %}, $2',
      parameters: ['state.lastId ?? "pagination"', 'pagination["limit"] + state["id"]'],
    });

    expect([...select.parameterNames]).toEqual(['state', 'pagination']);
    expect([...select.stateNames].toSorted()).toEqual(['id', 'lastId', 'offset']);
  });

  it('decides by the expression, not by its text, whether it pages', () => {
    const select = statement({ query: 'SELECT $1', parameters: ['"pagination.limit"'] });

    expect(select.parameterNames.has('pagination')).toBe(false);
  });

  it.each([
    ['SELECT 1', undefined],
    ['SELECT 1;', 'semicolon'],
    ['SELECT 1; \n', 'semicolon'],
    ['SELECT 1 -- all', 'comment'],
    ['SELECT 1 /* all */ ', 'comment'],
    ["SELECT ';'", undefined],
    ["SELECT '-- all'", undefined],
    ['SELECT 1 /* all */ FROM t', undefined],
  ])('what it ends in: %s', (query, ending) => {
    expect(statement({ query }).ending).toBe(ending);
  });
});

describe('implied parameters', () => {
  const implied = ['state.timestamp', 'state.id'];

  it('may be used or not while there are no `parameters`', () => {
    const scope = { record: {}, state: { timestamp: '2026-01-01T00:00:00Z', id: null } };

    expect(statement({ query: 'SELECT 1' }, { implied }).bind('sqlite', scope).values).toEqual([]);
    expect(statement({ query: 'SELECT $2, $1' }, { implied }).bind('sqlite', scope).values).toEqual(
      [null, '2026-01-01T00:00:00Z'],
    );
  });

  it('are no more than there are cursors', () => {
    expect(() => statement({ query: 'SELECT $3' }, { implied })).toThrow(
      'query references $3 but only 2 parameter(s) are declared',
    );
  });

  it('give way to `parameters`', () => {
    const select = statement({ query: 'SELECT $1', parameters: ['7'] }, { implied });

    expect(select.bind('sqlite', { record: {} }).values).toEqual([7]);
    expect(select.stateNames.size).toBe(0);
  });
});

describe('a query file', () => {
  it('is read once, when the pipeline is built', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cannectors-test-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, 'new.sql'), '\uFEFFSELECT $1');

    const select = compileStatement(
      { queryFile: 'new.sql', parameters: ['record.id'] },
      { file: (name) => path.join(folder, name) },
    );
    await rm(path.join(folder, 'new.sql'));

    expect(select.source).toBe('SELECT $1');
    expect(select.bind('mysql', { record: { id: 'a' } })).toMatchObject({
      text: 'SELECT ?',
      values: ['a'],
    });
  });
});
