import { describe, expect, it } from 'vitest';
import { template, type TemplateScope } from '../src/index.ts';

const text = (source: string, scope: TemplateScope): string =>
  template(source, 'text', '/body').render(scope);

describe('root variables', () => {
  it('are those of the scope', () => {
    const scope = {
      record: { id: 1, _metadata: { batch: 7 } },
      records: [{ id: 1 }, { id: 2 }],
      state: { lastId: '5' },
      pagination: { page: 3 },
    };

    expect(
      text(
        '{{ record.id }} {{ meta.batch }} {{ state.lastId }} {{ pagination.page }} {% for r in records %}{{ r.id }}{% endfor %}',
        scope,
      ),
    ).toBe('1 7 5 3 12');
  });

  it('are there, and empty, where they do not apply', () => {
    const source =
      '{{ meta.a }}{{ state.a }}{{ pagination.a }}{% for r in records %}x{% endfor %}{{ record.a }}|';

    expect(text(source, { record: {} })).toBe('|');
  });

  it('do not hold what a record only has from its prototype', () => {
    expect(
      text('{{ record.toString }}{{ toString }}{{ record["valueOf"] }}|', { record: {} }),
    ).toBe('|');
  });

  it('are a record as it came, also with odd keys', () => {
    const record = JSON.parse('{"toString": "a", "items": [1, 2], "": "b", "x y": "c"}') as {
      items: number[];
    };

    expect(
      text('{{ record.toString }}{{ record.items }}{{ record[""] }}{{ record["x y"] }}', {
        record,
      }),
    ).toBe('a[1,2]bc');
  });
});

describe('inside a loop', () => {
  const record = {
    record: { orderId: 9, line: 'of the order' },
    line: { number: 2 },
    price: 5,
    state: 'a key of the scope',
    _metadata: { batch: 7, loop: { line: { index: 1 } } },
  };

  it('every key of the scope is a variable, and `record` is the root record', () => {
    const source =
      '{{ record.orderId }} {{ line.number }} {{ price }} {{ _metadata.loop.line.index }} {{ meta.batch }}';

    expect(text(source, { record })).toBe('9 2 5 1 7');
  });

  it('the reserved names win', () => {
    expect(text('{{ state.lastId }} {{ record.line }}', { record, state: { lastId: '5' } })).toBe(
      '5 of the order',
    );
  });

  it('the old way to an item fails', () => {
    const old = { record: { ...record, record: { orderId: 9 } } };

    expect(() => text('{{ record.line.number }}', old)).toThrow(
      expect.objectContaining({ code: 'template.missing' }),
    );
  });

  it.each([
    ['no _metadata', { record: { a: 1 }, b: 2 }],
    ['an empty loop', { record: { a: 1 }, b: 2, _metadata: { loop: {} } }],
    ['a record that is no object', { record: 'x', b: 2, _metadata: { loop: { line: {} } } }],
    ['a loop that is no object', { record: { a: 1 }, b: 2, _metadata: { loop: true } }],
  ])('is not where there is %s', (_title, plain) => {
    expect(text('{{ record.b }}{{ b }}', { record: plain })).toBe('2');
  });
});

describe('what a template says of itself', () => {
  it.each([
    ['{{ record.a }}', ['record'], []],
    ['{{ state.lastId }}{{ state["timestamp"] }}', ['state'], ['lastId', 'timestamp']],
    ['{% if state.id is defined %}{{ meta.x }}{% endif %}', ['meta', 'state'], ['id']],
    ['{% set x = record.a %}{{ x }}', ['record'], []],
    ['{% if record.a %}{% set x = 1 %}{% endif %}{{ x }}', ['record', 'x'], []],
    ['{% for x in records %}{{ x }}{{ loop.index }}{% endfor %}{{ y }}', ['records', 'y'], []],
    ['{{ line.number ~ price }}', ['line', 'price'], []],
    ['{% with a = b %}{{ a }}{% endwith %}{{ a }}', ['a', 'b'], []],
  ])('%s', (source, roots, stateNames) => {
    const known = template(source, 'text', '');

    expect([...known.roots].toSorted()).toEqual(roots);
    expect([...known.stateNames]).toEqual(stateNames);
    expect(known.isStatic).toBe(false);
  });

  it.each(['{% raw %}{{ a }}{% endraw %}', '{# a #}{% if true %}b{% endif %}', '{{ 1 + 1 }}'])(
    '%s reads nothing',
    (source) => {
      const known = template(source, 'text', '');

      expect(known).toMatchObject({
        source,
        isStatic: true,
        roots: new Set(),
        stateNames: new Set(),
      });
    },
  );
});

it('changes nothing of what it reads', () => {
  const record = { list: [3, 1, 2], map: { b: 1 }, text: 'a' };
  const before = structuredClone(record);
  const source =
    '{% set x = record.map %}{% set list = record.list|sort|reverse|list %}{{ list + [4] }}{{ x.items() }}';

  text(source, { record });
  expect(() => text('{% set x = record.map %}{% set x.b = 2 %}', { record })).toThrow(
    expect.objectContaining({ code: 'template.failed' }),
  );

  expect(record).toEqual(before);
});
