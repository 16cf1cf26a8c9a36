import { describe, expect, it } from 'vitest';
import { outline } from '../src/index.ts';

describe('an outline', () => {
  it('is the text of every branch, without tags and comments', () => {
    const source = 'a{% if x %}b{% else %}c{% endif %}{# {{ d }} #}{% raw %}{{ e }}{% endraw %}';

    expect(outline(source, '/query')).toEqual({ text: 'abc{{ e }}', values: [] });
  });

  it('tells what values are put in', () => {
    expect(
      outline("x {{ record.id }} {%- if a %}{{- b | default('}}') }}{% endif %}", '/q'),
    ).toEqual({
      text: 'x ',
      values: ['record.id', "b|default('}}')"],
    });
  });

  it('knows where a template is broken', () => {
    expect(() => outline('{{ a', '/query')).toThrow(
      expect.objectContaining({ code: 'template.syntax', pointer: '/query' }),
    );
  });
});
