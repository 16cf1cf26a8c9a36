import type { JsonRecord } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { table } from '../src/table.ts';
import { textWidth } from '../src/text-width.ts';

function printed(
  batches: JsonRecord[][],
  { width = Infinity, names }: { width?: number; names?: string[] } = {},
): string[] {
  const rows = table(names);
  return batches.flatMap((records) => [...rows.lines(records, width)].join('\n').split('\n'));
}

describe('a table', () => {
  it('has the keys of all records as columns, in the order they are met', () => {
    const lines = printed([[{ id: 1, name: 'Ada' }, { id: 20, tags: ['a'], name: null }, {}]]);

    expect(lines).toEqual(['id  name  tags', '──  ────  ─────', ' 1  Ada', '20  null  ["a"]', '']);
  });

  it('goes on from batch to batch as long as all fits', () => {
    const lines = printed([
      [{ id: 1, name: 'Barbara' }],
      [{ name: 'Ada', id: 2 }],
      [{ id: 3, age: 36 }],
      [{ age: 7 }],
    ]);

    expect(lines).toEqual([
      'id  name',
      '──  ───────',
      ' 1  Barbara',
      ' 2  Ada',
      '',
      'id  name     age',
      '──  ───────  ───',
      ' 3            36',
      '               7',
    ]);
  });

  it('shows what was asked for, in order', () => {
    const lines = printed([[{ b: 1, a: 2, c: 3 }]], { names: ['a', 'x', 'b'] });

    expect(lines).toEqual(['a  x  b', '─  ─  ─', '2     1']);
  });

  it('is not wider than the terminal', () => {
    const record = { id: 1, title: 'x'.repeat(100), note: '字'.repeat(50), small: 'abc' };

    for (const width of [10, 20, 40, 80, 200]) {
      const widths = printed([[record]], { width })
        .filter((line) => !line.startsWith('('))
        .map(textWidth);
      expect(Math.max(...widths)).toBeLessThanOrEqual(width);
    }
    expect(printed([[record]], { width: 40 })).toEqual([
      'id  title          note           small',
      '──  ─────────────  ─────────────  ─────',
      ' 1  xxxxxxxxxxxx…  字字字字字字…  abc',
    ]);
  });

  it('says how many columns have no room', () => {
    const record = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`column${n}`, n]));

    const lines = printed([[record]], { width: 30 });

    expect(lines[2]).toBe('(16 more columns)');
    expect(lines).toHaveLength(4);
  });

  it('has an end, whatever the records are like', () => {
    const records = Array.from({ length: 1000 }, (_, n) => ({ [`key${n}`]: n }));

    const [titles = ''] = printed([records]);

    expect(titles.split(/ +/)).toHaveLength(200);
  });

  it('shows what a terminal would obey', () => {
    const lines = printed([[{ 'a\nb': 'x\u001b[31m\ty\u202e\u0007' }]]);

    expect(lines).toEqual([
      'a\\nb',
      expect.stringMatching(/^─+$/),
      'x\\u001b[31m\\ty\\u202e\\u0007',
    ]);
  });

  it('keeps keys that mean something to the language', () => {
    const record = JSON.parse('{"__proto__":1,"constructor":2}') as JsonRecord;

    expect(printed([[record, {}]])).toEqual([
      '__proto__  constructor',
      '─────────  ───────────',
      '        1            2',
      '',
    ]);
  });
});

describe('the width of a text', () => {
  it.each([
    ['', 0],
    ['Ada', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['字', 2],
    ['ひらがな', 8],
    ['ｶﾀｶﾅ', 4],
    ['한글', 4],
    ['🙂', 2],
    ['👩‍👩‍👧', 2],
    ['🇫🇷', 2],
    ['❤️', 2],
    ['Ａ', 2],
    ['–…', 2],
  ])('%s is %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});
