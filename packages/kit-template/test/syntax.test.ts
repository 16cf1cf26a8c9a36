import { describe, expect, it } from 'vitest';
import { isTemplate, type Target, template } from '../src/index.ts';

const targets: readonly Target[] = ['url', 'json', 'xml', 'text'];

describe('a template that is none', () => {
  it.each(['', 'plain', 'a {{ b', 'a }} b', '{ a }', 'a # b', '{# x #}', '}} {'])(
    'means itself: %j',
    (source) => {
      const text = template(source, 'url', '/endpoint');

      expect(isTemplate(source)).toBe(false);
      expect(text).toMatchObject({ source, isStatic: true });
      expect(text.render({ record: {} })).toBe(source);
    },
  );
});

describe('an error in a template', () => {
  it.each([
    ['{{ a | default: "v" }}', 'The arguments of `default` stand in brackets (line 1, column 15).'],
    ['}} {{ a', '`{{` is not closed by `}}` (line 1, column 4).'],
    ['x {% if a', '`{%` is not closed by `%}` (line 1, column 3).'],
    ['{{ a }} {# b', 'The comment is not closed by `#}` (line 1, column 9).'],
    ['{% raw %} {{ a }}', '`{% raw %}` is not closed by `{% endraw %}` (line 1, column 1).'],
    ['{{ "a\\n" }}', 'A string in a template cannot hold a backslash (line 1, column 4).'],
    ["{{ 'a\\'b' }}", 'A string in a template cannot hold a backslash (line 1, column 4).'],
    ['{{ "a }}', 'The string is not closed by `"` (line 1, column 4).'],
    ['{{ a & b }}', '`&` means nothing in a template (line 1, column 6).'],
    ['{{ }}', 'A value is expected, not the end of the tag (line 1, column 4).'],
    ['{{ a b }}', 'The end of the tag is expected, not `b` (line 1, column 6).'],
    ['{{ a + }}', 'A value is expected, not the end of the tag (line 1, column 8).'],
    ['{{ (a }}', 'is expected'],
    ['{{ [1, 2 }}', 'is expected'],
    ['{{ {"a" 1} }}', '`:` is expected, not `1` (line 1, column 9).'],
    ['{{ a. }}', 'A name is expected, not the end of the tag (line 1, column 7).'],
    ['{{ a is }}', 'A name is expected'],
    ['{{ a not b }}', 'The end of the tag is expected, not `not`'],
    ['{{ (1)(2) }}', 'What stands before `(` cannot be called (line 1, column 7).'],
    ['{{ a | nope }}', 'There is no filter `nope` (line 1, column 8).'],
    ['{{ a is nope }}', 'There is no test `nope` (line 1, column 9).'],
    ['{{ nope(1) }}', 'There is no function `nope` (line 1, column 4).'],
    ['{{ a.nope() }}', 'There is no method `nope` (line 1, column 5).'],
    ['{{ a.get(key="b") }}', '`get` takes no argument named `key`'],
    ['{{ a | upper(1) }}', '`upper` takes at most 0 arguments (line 1, column 8).'],
    ['{{ a | join(sep="-") }}', '`join` takes no argument named `sep`'],
    ['{{ a | join("-", d="-") }}', '`join` takes no argument named `d`'],
    ['{{ range(stop=1, 2) }}', 'An argument with a name is expected'],
    ['{{ a | map(b) }}', '`map` takes the name of a filter or a test as a text'],
    ['{{ a | selectattr }}', '`selectattr` needs an attribute'],
    ['{{ dict(1) }}', '`dict` takes arguments with names only'],
    ['{% %}', 'A name is expected'],
    ['{% if %}a{% endif %}', 'A value is expected'],
    ['a\n{% if a %}\nb', '`{% if %}` is not closed by `{% endif %}` (line 2, column 4).'],
    ['{% for a in b %}', '`{% for %}` is not closed by `{% endfor %}`'],
    ['{% if a %}{% endfor %}{% endif %}', '`{% endfor %}` closes no block (line 1, column 14).'],
    ['{% endif %}', '`{% endif %}` closes no block'],
    ['{% else %}', '`{% else %}` closes no block'],
    ['{% if a %}{% endif x %}', 'The end of the tag is expected, not `x`'],
    ['{% for in b %}{% endfor %}', 'A name is expected, not `in`'],
    ['{% for loop in b %}{% endfor %}', 'Another name is expected, not `loop`'],
    ['{% for a of b %}{% endfor %}', '`in` is expected, not `of`'],
    ['{% for a in b recursive %}{% endfor %}', 'The end of the tag is expected'],
    ['{% set 1 = 2 %}', 'A name is expected'],
    ['{% set a, b %}x{% endset %}', '`=` is expected'],
    ['{% macro a() %}{% endmacro %}', '`{% macro %}` is no tag of templates (line 1, column 4).'],
    ['{{ a.constructor }}', 'The key `constructor` is out of reach of templates'],
    ['{{ a["__proto__"] }}', 'The key `__proto__` is out of reach of templates'],
    ['{{ prototype }}', 'The key `prototype` is out of reach of templates'],
    ['{% set ns.__proto__ = 1 %}', 'The key `__proto__` is out of reach of templates'],
    ['{% for constructor in a %}{% endfor %}', 'The key `constructor` is out of reach'],
  ])('%j', (source, message) => {
    for (const target of targets) {
      expect(() => template(source, target, '/body')).toThrow(
        expect.objectContaining({
          code: 'template.syntax',
          category: 'validation',
          pointer: '/body',
          message: expect.stringContaining(message) as string,
        }),
      );
    }
  });

  it('is thrown for every place where the template stands', () => {
    for (const pointer of ['/body', '/headers/X-A']) {
      expect(() => template('{{ a b }}', 'text', pointer)).toThrow(
        expect.objectContaining({ pointer }),
      );
    }
  });
});

describe('a template that would load another', () => {
  it.each([
    '{% include "a.xml" %}',
    '{% extends "a.xml" %}',
    '{% import "a.xml" as a %}',
    '{% from "a.xml" import b %}',
    'a {% if x %} {%- include y -%} {% endif %}',
  ])('is refused: %s', (source) => {
    const [, tag = ''] = /(include|extends|import|from)/.exec(source) ?? [];
    for (const target of targets) {
      expect(() => template(source, target, '/body')).toThrow(
        expect.objectContaining({
          code: 'template.not-self-contained',
          category: 'validation',
          message: expect.stringMatching(`% ${tag} %.*must be self-contained`) as string,
        }),
      );
    }
  });
});

describe('a block of filters', () => {
  const source = '{% filter upper %}a{{ record.b }}{% endfilter %}';

  it('is for plain text', () => {
    expect(template(source, 'text', '').render({ record: { b: 'c' } })).toBe('AC');
  });

  it.each(['url', 'json', 'xml'] as const)('is refused in %s', (target) => {
    expect(() => template(source, target, '/body')).toThrow(
      expect.objectContaining({ code: 'template.syntax', pointer: '/body' }),
    );
  });
});
