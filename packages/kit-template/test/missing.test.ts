import { describe, expect, it } from 'vitest';
import { template } from '../src/index.ts';

const record = { a: null, b: { c: 'x', d: null }, e: '', list: [1], text: 'abc' };

const lenient = (source: string): string => template(source, 'text', '/body').render({ record });

const strict = (source: string): string =>
  template(source, 'text', '/body', { strict: true }).render({ record });

function code(render: () => string): string {
  try {
    return render();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const missing = 'template.missing';

describe('missing and null', () => {
  it.each([
    ['{{ record.nope }}', '', missing],
    ['{{ record.b.nope }}', '', missing],
    ['{{ nope }}', '', missing],
    ['{{ state.lastId }}', '', missing],
    ['{{ record.list[3] }}', '', missing],
    ['{{ record.text.nope }}', '', missing],
    ['{{ record.a }}', '', 'template.null'],
    ['{{ record.b.d }}', '', 'template.null'],
    ['{{ record.nope.c }}', missing, missing],
    ['{{ record.a.c }}', missing, missing],
    ['{{ record.b.d.e }}', missing, missing],
    ['{{ nope.a }}', missing, missing],
    ['{{ record.nope[0] }}', missing, missing],
    ['{{ record.nope | default("x") }}', 'x', 'x'],
    ['{{ record.a | default("x") }}', 'x', 'x'],
    ['{{ record.e | default("x") }}', '', ''],
    ['{{ record.e | default("x", true) }}', 'x', 'x'],
    ['{{ nope | default("x") }}', 'x', 'x'],
    ['{{ record.a.c | default("x") }}', missing, missing],
    ['{{ record.nope is defined }}', 'false', 'false'],
    ['{{ record.nope is none }}', 'false', 'false'],
    ['{{ record.nope == 1 }}', 'false', missing],
    ['{{ record.nope ~ "x" }}', 'x', missing],
    ['{{ record.nope | upper }}', '', missing],
    ['{{ record.nope + 1 }}', 'template.failed', missing],
    ['{% if record.nope %}a{% else %}b{% endif %}', 'b', missing],
    ['{% if record.a %}a{% else %}b{% endif %}', 'b', 'b'],
    ['{% if record.nope is defined and record.nope %}a{% else %}b{% endif %}', 'b', 'b'],
    ['{% for x in record.nope %}a{% else %}b{% endfor %}', 'b', missing],
    ['{{ "x" if false }}', '', missing],
    ['{{ record.b.c }}', 'x', 'x'],
  ])('%s', (source, whenLenient, whenStrict) => {
    expect(code(() => lenient(source))).toBe(whenLenient);
    expect(code(() => strict(source))).toBe(whenStrict);
  });

  it('names what is missing, where, and what helps', () => {
    const bad = template('{\n  "a": "{{ record.b.x.y }}"\n}', 'json', '/bodyTemplate');

    expect(() => bad.render({ record })).toThrow(
      expect.objectContaining({
        code: missing,
        message: '`record.b.x` is missing, so nothing can be read from it (line 2, column 22).',
        pointer: '/bodyTemplate',
        category: 'unknown',
        retry: false,
        details: { line: 2, column: 22 },
        hint: expect.stringContaining('default'),
      }),
    );
    expect(() => strict('{{ record.b.d }}')).toThrow(
      'template value is null and has no default: `record.b.d` (line 1, column 12).',
    );
  });
});
