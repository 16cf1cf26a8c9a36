/** A template for which minijinja and we differ, and why. `undefined`: it is an error there, or here. */
export interface Difference {
  readonly template: string;
  readonly ours: string | undefined;
  readonly oracle: string | undefined;
}

/** By the reason. Each is checked on both sides, so that the list cannot grow old. */
export const different: Readonly<Record<string, readonly Difference[]>> = {
  'null is empty (section 1.5)': [
    { template: '{{ record.nothing }}|', ours: '|', oracle: 'none|' },
    { template: '{{ none }}|', ours: '|', oracle: 'none|' },
    { template: '{{ "a" ~ none ~ "b" }}', ours: 'ab', oracle: 'anoneb' },
    { template: '{{ [1, none]|join("-") }}', ours: '1-', oracle: '1-none' },
    { template: '{{ record.nothing|upper }}|', ours: '|', oracle: 'NONE|' },
    { template: '{{ record.nothing|string }}|', ours: '|', oracle: 'none|' },
  ],
  'a default stands in for null too (section 1.4)': [
    { template: '{{ record.nothing|default("x") }}', ours: 'x', oracle: 'none' },
    { template: '{{ none|d("x") }}', ours: 'x', oracle: 'none' },
  ],
  'a missing list is as good as an empty one, and so is null': [
    { template: '{{ record.nope|length }}', ours: '0', oracle: undefined },
    { template: '{{ record.nothing|length }}', ours: '0', oracle: undefined },
    { template: '{{ 5 in record.nothing }}', ours: 'false', oracle: undefined },
  ],
  'whole numbers have no decimals (section 1.5)': [
    { template: '{{ 4 / 2 }}', ours: '2', oracle: '2.0' },
    { template: '{{ 1.0 }}', ours: '1', oracle: '1.0' },
    { template: '{{ 2.5|round }}', ours: '3', oracle: '3.0' },
    { template: '{{ 1e3 }}', ours: '1000', oracle: '1000.0' },
    { template: '{{ "7"|float }}', ours: '7', oracle: '7.0' },
    { template: '{{ 2.0 is integer }}', ours: 'true', oracle: 'false' },
  ],
  'lists and maps are JSON, in the order of the record (section 1.5)': [
    { template: '{{ record.numbers }}', ours: '[3,1,2]', oracle: '[3, 1, 2]' },
    {
      template: '{{ record.map }}',
      ours: '{"a":1,"b":2,"c":3}',
      oracle: '{"a": 1, "b": 2, "c": 3}',
    },
    { template: '{{ [none, true] }}', ours: '[null,true]', oracle: '[none, true]' },
    { template: '{{ record.unsorted|tojson }}', ours: '{"b":1,"a":2}', oracle: '{"a":2,"b":1}' },
    { template: '{% for k in record.unsorted %}{{ k }}{% endfor %}', ours: 'ba', oracle: 'ab' },
  ],
  'keys that change programs are out of reach (D22)': [
    { template: '{{ record.map["constructor"] }}', ours: undefined, oracle: '' },
    { template: '{{ record.constructor }}', ours: undefined, oracle: '' },
    { template: '{{ record.__proto__ }}', ours: undefined, oracle: '' },
  ],
  'what has no order, or no meaning, is an error, as in Jinja2': [
    { template: '{{ "a" < 1 }}', ours: undefined, oracle: 'false' },
    { template: '{{ record.nope < 1 }}', ours: undefined, oracle: 'true' },
    { template: '{{ none < 1 }}', ours: undefined, oracle: 'true' },
    { template: '{{ [3, "a"]|sort|join }}', ours: undefined, oracle: '3a' },
    { template: '{{ 1 / 0 }}', ours: undefined, oracle: 'inf' },
  ],
  'what Jinja2 can do and minijinja cannot': [
    { template: '{{ "a" and 0 }}', ours: '0', oracle: 'false' },
    { template: '{{ record.map.get("z", 9) }}', ours: '9', oracle: undefined },
    { template: '{{ -record.id }}', ours: '-42', oracle: undefined },
    { template: '{{ 2 ** -1 }}', ours: '0.5', oracle: undefined },
    { template: '{{ "abc"|int }}', ours: '0', oracle: undefined },
    { template: '{{ "abc"|int(7) }}', ours: '7', oracle: undefined },
    { template: '{{ "ff"|int(0, 16) }}', ours: '255', oracle: undefined },
    { template: '{{ "abc"|float(2.5) }}', ours: '2.5', oracle: undefined },
    { template: '{{ 42.55|round(1, "floor") }}', ours: '42.5', oracle: undefined },
    { template: '{{ "aaa"|replace("a", "b", 2) }}', ours: 'bba', oracle: undefined },
    { template: '{{ record.lines|sum(attribute="price") }}', ours: '30.75', oracle: undefined },
    { template: '{{ record.numbers|sum(start=10) }}', ours: '16', oracle: undefined },
    { template: '{{ record.lines|join("-", attribute="sku") }}', ours: 'A-B-C', oracle: undefined },
    { template: '{{ (record.lines|max(attribute="price")).sku }}', ours: 'B', oracle: undefined },
    { template: '{{ ["a", "B"]|max }}', ours: 'B', oracle: 'a' },
    { template: '{{ "foo bar"|wordcount }}', ours: '2', oracle: undefined },
    { template: '{{ "a b/c"|urlencode }}', ours: 'a%20b/c', oracle: undefined },
    { template: '{{ "foo bar baz qux"|truncate(9) }}', ours: 'foo...', oracle: undefined },
    { template: '{{ "%s: %05.1f"|format("x", 3.14159) }}', ours: 'x: 003.1', oracle: undefined },
    { template: '{{ "x"|indent|length }}', ours: '1', oracle: undefined },
    { template: '{% for x in 1, 2 %}{{ x }}{% endfor %}', ours: '12', oracle: undefined },
    { template: '{% set a, b = 1, 2 %}{{ a }}{{ b }}', ours: '12', oracle: undefined },
    {
      template: '{% set x = 0 %}{% for i in [1, 2] %}{{ x }}{% set x = i %}{{ x }}{% endfor %}',
      ours: '0102',
      oracle: '0112',
    },
    { template: '{{ "<\'\\"" }}', ours: undefined, oracle: '<\'"' },
  ],
  'escape writes what Jinja2 does': [
    {
      template: '{{ "<a href=\'/x\'>"|e }}',
      ours: '&lt;a href=&#39;/x&#39;&gt;',
      oracle: '&lt;a href=&#x27;&#x2f;x&#x27;&gt;',
    },
  ],
  'templates are self-contained, and macros are not needed': [
    { template: '{% macro m() %}a{% endmacro %}{{ m() }}', ours: undefined, oracle: 'a' },
    { template: '{% block b %}a{% endblock %}', ours: undefined, oracle: 'a' },
    { template: '{% autoescape true %}a{% endautoescape %}', ours: undefined, oracle: 'a' },
  ],
  'a backslash in a string is an error (section 1.2)': [
    { template: '{{ "a\\nb" }}', ours: undefined, oracle: 'a\nb' },
  ],
  'a call of something unknown is found when the template is compiled': [
    { template: '{% if false %}{{ 1|nope }}{% endif %}', ours: undefined, oracle: '' },
    { template: '{% if false %}{{ nope() }}{% endif %}', ours: undefined, oracle: '' },
    { template: '{% if false %}{{ 1 is nope }}{% endif %}', ours: undefined, oracle: '' },
  ],
};
