import { describe, expect, it } from 'vitest';
import { template } from '../src/index.ts';

// What Jinja2 itself makes of these, where minijinja knows the filter not at all, or not whole.

const record = {
  lines: [
    { sku: 'b', price: 2, at: { day: 2 } },
    { sku: 'A', price: 2, at: { day: 1 } },
    { sku: 'c', price: 1, at: { day: 3 } },
  ],
  text: 'one two  three\nfour',
};

const render = (source: string): string => template(source, 'text', '/body').render({ record });

const filters: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  truncate: [
    ['{{ "foo bar baz qux"|truncate(9) }}', 'foo...'],
    ['{{ "foo bar baz qux"|truncate(9, true) }}', 'foo ba...'],
    ['{{ "foo bar baz qux"|truncate(11) }}', 'foo bar baz qux'],
    ['{{ "foo bar baz qux"|truncate(11, false, "...", 0) }}', 'foo bar...'],
    ['{{ "foo bar baz qux"|truncate(length=9, end="…") }}', 'foo bar…'],
    ['{{ "foobarbazqux"|truncate(5, leeway=0) }}', 'fo...'],
    ['{{ "abc"|truncate(1, true, "", 0) }}', 'a'],
  ],
  format: [
    ['{{ "%s-%s"|format("a", 1) }}', 'a-1'],
    ['{{ "%d %i"|format(3.7, -3.7) }}', '3 -3'],
    ['{{ "%5d|%-5d|%05d|%+d|% d"|format(42, 42, 42, 42, 42) }}', '   42|42   |00042|+42| 42'],
    ['{{ "%.2f %f %8.3f"|format(3.14159, 1, 2.5) }}', '3.14 1.000000    2.500'],
    ['{{ "%x %X %o"|format(255, 255, 8) }}', 'ff FF 10'],
    ['{{ "%.2e"|format(12345.678) }}', '1.23e+04'],
    ['{{ "%5s|%-5s|%.2s"|format("ab", "ab", "abcdef") }}', '   ab|ab   |ab'],
    ['{{ "100%%"|format() }}', '100%'],
    ['{{ "%(a)s %(b)05d"|format({"a": 1, "b": 2}) }}', '1 00002'],
    ['{{ "%d"|format(12345678901234567890) }}', '12345678901234567890'],
    ['{{ "%05d"|format(-42) }}', '-0042'],
  ],
  urlencode: [
    ['{{ "a b/c?d=é"|urlencode }}', 'a%20b/c%3Fd%3D%C3%A9'],
    ['{{ {"a": 1, "b c": "x y/z"}|urlencode }}', 'a=1&b+c=x+y%2Fz'],
    ['{{ [["a", 1], ["b", 2]]|urlencode }}', 'a=1&b=2'],
  ],
  'int, float, round, abs': [
    ['{{ "42"|int }} {{ " 42 "|int }} {{ "-7"|int }} {{ "+7"|int }}', '42 42 -7 7'],
    ['{{ "42.9"|int }} {{ "x"|int }} {{ ""|int(5) }} {{ none|int(5) }}', '42 0 5 5'],
    ['{{ "0xff"|int(0, 16) }} {{ "0b101"|int(0, 2) }} {{ "zz"|int(1, 36) }}', '255 5 1295'],
    ['{{ "19"|int(3, 8) }}', '19'],
    ['{{ "12345678901234567890"|int }}', '12345678901234567890'],
    ['{{ "1e2"|float }} {{ ".5"|float }} {{ "x"|float(9) }} {{ "inf"|float }}', '100 0.5 9 0'],
    [
      '{{ 42.55|round }} {{ 42.55|round(1, "floor") }} {{ 42.51|round(1, "ceil") }}',
      '43 42.5 42.6',
    ],
    [
      '{{ -2.5|round }} {{ 1234|round(-2) }} {{ 12345678901234567890|round }}',
      '-3 1200 12345678901234567890',
    ],
    ['{{ -12345678901234567890|abs }}', '12345678901234567890'],
  ],
  lists: [
    ['{{ record.lines|sort(attribute="price,sku")|join("", attribute="sku") }}', 'cAb'],
    ['{{ record.lines|sort(attribute="at.day")|map(attribute="sku")|join }}', 'Abc'],
    ['{{ ["b", "A"]|sort(case_sensitive=true)|join }}', 'Ab'],
    ['{{ ["a", "A"]|unique(case_sensitive=true)|join }}', 'aA'],
    ['{{ record.lines|unique(attribute="price")|map(attribute="sku")|join }}', 'bc'],
    ['{{ [1, true, "1"]|unique|list }}', '[1,"1"]'],
    ['{{ (record.lines|min(attribute="at.day")).sku }}', 'A'],
    ['{{ ["b", "A"]|max }} {{ ["b", "A"]|max(true) }} {{ [3, 1]|min }}', 'b b 1'],
    ['{{ [[1], [2, 3]]|sum(start=[]) }}', '[1,2,3]'],
    ['{{ record.lines|map("length")|sum }}', '9'],
    ['{{ ["a", none]|map("default", "x")|join }}', 'ax'],
    ['{{ record.lines|map("items")|first|length }}', '3'],
    [
      '{{ range(6)|slice(3)|list }} {{ range(2)|slice(3)|list }}',
      '[[0,1],[2,3],[4,5]] [[0],[1],[]]',
    ],
    ['{{ range(3)|batch(2, 0)|list }}', '[[0,1],[2,0]]'],
    ['{{ [3, 1]|dictsort|list }}', '[]'],
  ],
  text: [
    ['{{ record.text|wordcount }} {{ "žluť кот a_b"|wordcount }}', '4 3'],
    ['{{ "aXbXc"|replace("X", "-", 1) }} {{ "ab"|replace("", "-") }}', 'a-bXc -a-b-'],
    ['{{ "a$b"|replace("$", "$&") }}', 'a$&b'],
    ['{{ "x"|center(5) }}|', '  x  |'],
    ['{{ record.text|indent(2) }}', 'one two  three\n  four'],
    ['{{ record.text|indent("> ", true) }}', '> one two  three\n> four'],
    [`{{ "<a href='x'>&"|e }}`, '&lt;a href=&#39;x&#39;&gt;&amp;'],
    ['{{ {"a": "<"}|tojson }}', String.raw`{"a":"\u003c"}`],
    ['{{ {"a": [1]}|tojson(2) }}', '{\n  "a": [\n    1\n  ]\n}'],
    ['{{ "ǆ ß"|upper }} {{ "ΑΣ"|lower }}', 'Ǆ SS ας'],
  ],
};

describe.each(Object.entries(filters))('%s', (_title, cases) => {
  it.each(cases)('%s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe('what has no meaning', () => {
  it.each([
    ['{{ "a" + 1 }}', '`+` does not work on a text and a number (line 1, column 8).'],
    ['{{ none - 1 }}', '`-` does not work on null and a number'],
    ['{{ -"a" }}', '`-` does not work on a text'],
    ['{{ 1 / 0 }}', 'Nothing can be divided by zero'],
    ['{{ 1 // 0 }}', 'Nothing can be divided by zero'],
    ['{{ 1 % 0 }}', 'Nothing can be divided by zero'],
    ['{{ 1 < "a" }}', 'There is no order between a number and a text'],
    ['{{ {} < {} }}', 'There is no order between a map and a map'],
    ['{{ 1 in 2 }}', '`in` does not work on a number and a number'],
    ['{% for x in 5 %}{% endfor %}', 'A list is expected, not a number'],
    ['{% for a, b in [1] %}{% endfor %}', 'A list of 2 is expected, not a number'],
    ['{% for a, b in [[1]] %}{% endfor %}', 'A list of 2 is expected, not a list of 1'],
    ['{{ 5|length }}', '`length` does not work on a number'],
    ['{{ "x"|abs }}', 'A number is expected, not a text'],
    ['{{ 1|round("x") }}', 'A whole number is expected, not a text'],
    ['{{ 1.5|round(0, "up") }}', '`round` knows the methods common, ceil and floor'],
    ['{{ [1]|batch(0) }}', 'A whole number from 1 is expected'],
    ['{{ "%d"|format("a") }}', '`%d` takes a number, not a text'],
    ['{{ "%s %s"|format("a") }}', 'The format has more places than there are values'],
    ['{{ "%q"|format("a") }}', '`%q` is no conversion of `format`'],
    ['{{ "abc"[::0] }}', 'The step of a slice cannot be 0'],
    ['{{ range(1, 2, 0) }}', 'The step of `range` cannot be 0'],
    ['{{ record.items.upper() }}', 'is missing'],
    ['{{ record.lines.upper() }}', '`upper` cannot be called on a list'],
    ['{{ {[1]: 2} }}', 'a list cannot be a key'],
  ])('%s', (source, message) => {
    expect(() => render(source)).toThrow(message);
  });
});
