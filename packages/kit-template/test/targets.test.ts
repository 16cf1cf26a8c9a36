import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Target, template } from '../src/index.ts';

function render(source: string, target: Target, value: string | number | null): string {
  return template(source, target, '/endpoint').render({ record: { value } });
}

const shown = (target: Target, value: string | number): string =>
  render('{{ record.value }}', target, value);

/** Any text, with halves of characters too. */
const anyText = fc
  .array(fc.oneof(fc.nat(0xff), fc.nat(0xffff)))
  .map((units) => String.fromCharCode(...units));

describe('url', () => {
  it.each([
    ['AZaz09-_.~', 'AZaz09-_.~'],
    [' ', '%20'],
    ['a&b=c?d/e+f:g', 'a%26b%3Dc%3Fd%2Fe%2Bf%3Ag'],
    ["!*'()", '%21%2A%27%28%29'],
    ['#%[]@$,;', '%23%25%5B%5D%40%24%2C%3B'],
    ['é😀', '%C3%A9%F0%9F%98%80'],
    ['\ud800', '%EF%BF%BD'],
    [-1.5, '-1.5'],
    [1e21, '1e%2B21'],
  ])('writes %j as %s', (value, text) => {
    expect(shown('url', value)).toBe(text);
  });

  it('leaves the text of the template as it is', () => {
    const url = 'https://x.example/a b/{{ record.value }}?$filter=a gt {{ record.value }}&x=é';

    expect(render(url, 'url', 'ä')).toBe('https://x.example/a b/%C3%A4?$filter=a gt %C3%A4&x=é');
  });

  it('keeps every value in one piece', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(shown('url', value)).toMatch(/^[\w.~%-]*$/);
        expect(decodeURIComponent(shown('url', value))).toBe(value.toWellFormed());
      }),
    );
  });
});

describe('json', () => {
  it.each([
    ['a"b', String.raw`a\"b`],
    ['a\\b', String.raw`a\\b`],
    ['a\nb\tc\u0001', String.raw`a\nb\tc\u0001`],
    ['</script>', '</script>'],
    [42, '42'],
  ])('writes %j as %s', (value, text) => {
    expect(shown('json', value)).toBe(text);
  });

  it('keeps every value in one piece', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(JSON.parse(render('{"a": "{{ record.value }}"}', 'json', value))).toEqual({
          a: value,
        });
      }),
    );
  });
});

describe('xml', () => {
  it.each([
    [`<a href="x" b='y'>&</a>`, '&lt;a href=&#34;x&#34; b=&#39;y&#39;&gt;&amp;&lt;/a&gt;'],
    ['\t\n\r', '&#x9;&#xA;&#xD;'],
    ['a\u0000b\u0008c\u001fd\ufffee\uffff', 'a\ufffdb\ufffdc\ufffdd\ufffde\ufffd'],
    ['\ud800x\udc00', '\ufffdx\ufffd'],
    ['é😀', 'é😀'],
  ])('writes %j as %s', (value, text) => {
    expect(shown('xml', value)).toBe(text);
  });

  it('keeps every value in one piece', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(shown('xml', value)).not.toMatch(
          /[<>"'\t\n\r]|&(?!amp;|lt;|gt;|#34;|#39;|#x[9AD];)/,
        );
      }),
    );
  });
});

describe('text', () => {
  it('changes nothing', () => {
    expect(shown('text', '<&"\'\\ \n>')).toBe('<&"\'\\ \n>');
  });
});

describe('every target', () => {
  it('escapes what comes out of all filters', () => {
    expect(render('{{ record.value | replace("b", "&") }}', 'xml', 'abc')).toBe('a&amp;c');
    expect(render('{{ "a" ~ "/" ~ record.value }}', 'url', 'b')).toBe('a%2Fb');
    expect(render('{{ record.value if false else "<" }}', 'xml', 'b')).toBe('&lt;');
  });

  it('escapes twice what a filter has escaped, and `safe` prevents nothing', () => {
    expect(render('{{ record.value | e }}', 'xml', '<')).toBe('&amp;lt;');
    expect(render('{{ record.value | urlencode }}', 'url', ' ')).toBe('%2520');
    expect(render('{{ record.value | tojson }}', 'json', 'a')).toBe(String.raw`\"a\"`);
    expect(render('{{ record.value | safe }}', 'xml', '<')).toBe('&lt;');
  });

  it('escapes once what a block has set', () => {
    const source = '{% set x %}{{ record.value }}&{% endset %}<a>{{ x }}</a>';

    expect(render(source, 'xml', '<')).toBe('<a>&lt;&amp;</a>');
  });

  it('writes values the same way', () => {
    const source = '{{ a }} {{ b }} {{ c }} {{ d }} {{ e }} {{ f }} {{ g }}'.replaceAll(
      /\w/g,
      'record.$&',
    );
    const record = {
      a: 42,
      b: 1e6,
      c: 1.5e-7,
      d: 9_007_199_254_740_993n,
      e: true,
      f: null,
      g: [1, { a: 'x' }],
    };

    expect(template(source, 'text', '').render({ record })).toBe(
      '42 1000000 0.00000015 9007199254740993 true  [1,{"a":"x"}]',
    );
  });
});
