import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { template } from '../src/index.ts';

const fault = (code: string): unknown => expect.objectContaining({ code, pointer: '/body' });

const render = (source: string, record = {}): string =>
  template(source, 'text', '/body').render({ record });

describe('what is too complex to be compiled', () => {
  it.each([
    ['a long template', `{{ 1 }}${' '.repeat(1_048_576)}`],
    ['a long tag', `{{ "${'x'.repeat(10_000)}" ~ 1 }}`],
    ['a tag of many words', `{{ [${'1,'.repeat(6000)}] }}`],
    ['brackets in brackets', `{{ ${'('.repeat(200)}1${')'.repeat(200)} }}`],
    ['lists in lists', `{{ ${'['.repeat(200)}1${']'.repeat(200)} }}`],
    ['signs', `{{ ${'-'.repeat(200)}1 }}`],
    ['negations', `{{ ${'not '.repeat(200)}1 }}`],
    ['choices', `{{ ${'1 if 1 else '.repeat(200)}1 }}`],
    ['a long sum', `{{ 1${'+1'.repeat(2000)} }}`],
    ['a long path', `{{ a${'.a'.repeat(2000)} }}`],
    ['many filters', `{{ a${'|e'.repeat(2000)} }}`],
    ['many alternatives', `{{ a${' or a'.repeat(1500)} }}`],
    ['blocks in blocks', '{% if true %}'.repeat(200) + '{% endif %}'.repeat(200)],
  ])('%s', (_title, source) => {
    expect(() => template(source, 'text', '/body')).toThrow(fault('template.too-complex'));
  });

  it('is far from what people write', () => {
    const brackets = `{{ ${'('.repeat(45)}1${')'.repeat(45)} }}`;
    const blocks = '{% if true %}'.repeat(100) + 'x' + '{% endif %}'.repeat(100);

    expect(render(brackets)).toBe('1');
    expect(render(blocks)).toBe('x');
    expect(render(`{{ 1${'+1'.repeat(900)} }}`)).toBe('901');
    expect(render(`{{ [${'1,'.repeat(4000)}]|sum }}`)).toBe('4000');
    expect(render('{{ 1 }}'.repeat(10_000))).toHaveLength(10_000);
  });
});

describe('what costs too much to be rendered', () => {
  const long = 'x'.repeat(1_000_000);

  it.each([
    [
      'loops in loops',
      '{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}',
    ],
    ['work in a loop', '{% for a in range(90000) %}{{ [1] * 1000 == [2] }}{% endfor %}'],
    ['a filter in a loop', '{% for a in range(90000) %}{{ (record.long|upper)[0] }}{% endfor %}'],
    [
      'a growing text',
      '{% set n = namespace(a="x") %}{% for a in range(99) %}{% set n.a = n.a ~ n.a %}{% endfor %}',
    ],
    [
      'a growing list',
      '{% set n = namespace(a=[1]) %}{% for a in range(99) %}{% set n.a = n.a + n.a %}{% endfor %}',
    ],
    [
      'a growing number',
      '{% set n = namespace(a=9) %}{% for a in range(99) %}{% set n.a = n.a * n.a %}{% endfor %}',
    ],
    ['a large power', '{{ 9 ** 99999 }}'],
    ['a long range', '{{ range(1000000) }}'],
    ['a repeated text', '{{ "x" * 999999999999 }}'],
    ['a repeated list', '{{ [1] * 999999999 }}'],
    ['a wide text', '{{ "x"|center(999999999) }}'],
    ['a wide format', '{{ "%999999999d"|format(1) }}'],
    ['a wide indent', '{{ "x"|indent(999999999) }}'],
    ['a long replacement', '{{ record.long|replace("x", record.long) }}'],
    ['a long separator', '{{ range(1000)|join(record.long) }}'],
    ['a long batch', '{{ [1]|batch(999999999, "x") }}'],
    ['many slices', '{{ [1]|slice(999999999) }}'],
    ['a long output', '{% for a in range(1000) %}{{ record.long }}{% endfor %}'],
    ['a long concatenation', '{{ record.long }}'.repeat(20)],
  ])('%s', (_title, source) => {
    expect(() => render(source, { long })).toThrow(fault('template.limit'));
  });

  it('is far from what people need', () => {
    const records = Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'Ada', price: 1.5 }));
    const source =
      '[{% for r in records %}{"id":{{ r.id }},"name":"{{ r.name|upper }}","price":{{ r.price * 2 }}}{% if not loop.last %},{% endif %}{% endfor %}]';

    const text = template(source, 'json', '/body').render({ record: {}, records });

    expect(JSON.parse(text)).toHaveLength(20_000);
  });
});

describe('text from strangers', () => {
  it.each([
    '{{ record.get("constructor") }}',
    '{{ record.get("__proto__") }}',
    '{{ record["const" ~ "ructor"] }}',
    '{{ record["__pro" ~ "to__"] }}',
    '{{ [record]|map(attribute="__proto__")|first }}',
    '{{ [record]|map(attribute="constructor.constructor")|first }}',
    '{{ [record]|selectattr("constructor")|first }}',
    '{{ "".length }}{{ [].length }}{{ "".at }}{{ 1 .toFixed }}',
    '{{ record.toString }}{{ record.hasOwnProperty }}',
    '{{ self }}{{ this }}{{ globalThis }}{{ process }}{{ require }}{{ cycler }}',
  ])('reaches nothing: %s', (source) => {
    expect(render(source)).toBe('');
  });

  it.each([
    "{{ ''.constructor.constructor('return process')() }}",
    '{{ record.__proto__.x }}',
    '{{ record.toString() }}',
    '{{ record.__defineGetter__("a", 1) }}',
    '{{ range.constructor("return 1")() }}',
    '{{ (1).constructor }}',
    '{{ cycler.__init__.__globals__ }}',
    '{{ record|attr("constructor") }}',
    '{{ "%s"|format }}{{ "%(__proto__)s"|format(record) }}',
    '{{ `${process}` }}',
    '{% set record.x = 1 %}',
    '{{ namespace(__proto__=1) }}',
  ])('is an error: %s', (source) => {
    expect(() => render(source)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^template\./) as string }),
    );
  });

  it('keeps keys of data what they are', () => {
    const record = JSON.parse('{"map": {"__proto__": {"a": 1}, "b": 2}}') as { map: object };

    expect(render('{{ record.map.items()|list }}', record)).toBe('[["__proto__",{"a":1}],["b",2]]');
    expect(render('{{ {"__proto__": 1, "a": 2} }}')).toBe('{"__proto__":1,"a":2}');
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('ends in a text or a fault, whatever it is', () => {
    const words =
      '{{ }} {% %} {# #} - + * ** / % ~ | . , : ( ) [ ] { } == < = " \' \\ 1 0 99 if else endif for in ' +
      'endfor set endset raw endraw not and or is defined record list text x upper default map sort ' +
      'join range loop true none namespace __proto__ é😀 \0';
    const part = fc.constantFrom(...words.split(' '), ' ', '\n');
    const soup = fc.oneof(
      fc.array(part, { maxLength: 40 }).map((parts) => parts.join('')),
      fc.array(part, { maxLength: 15 }).map((parts) => `{{ ${parts.join(' ')} }}`),
    );
    const keys = Reflect.ownKeys(Object.prototype);

    fc.assert(
      fc.property(soup, fc.boolean(), (source, strict) => {
        let ended: unknown = '';
        try {
          ended = template(source, 'xml', '/body', { strict }).render({
            record: { list: [1], text: 'a' },
          });
        } catch (error) {
          ended = (error as { code?: unknown }).code;
        }
        expect(ended).toBeTypeOf('string');
      }),
      { numRuns: 3000 },
    );
    expect(Reflect.ownKeys(Object.prototype)).toEqual(keys);
  });
});
