import type { JsonRecord } from '@cannectors/core';
import { condition } from '@cannectors/kit-expression';
import { integersOf } from '@cannectors/kit-record';
import { fakeContext, testFilter } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import type { Config, Entry } from '../src/config.ts';
import plugin from '../src/index.ts';
import { mapping } from '../src/mapping.ts';

testFilter(
  plugin,
  import.meta.url,
  {
    'leaves fields that no entry mentions': {
      config: { mappings: [{ source: 'a', target: 'b' }] },
      given: [{ a: 1, c: { d: 2 } }],
      then: [{ a: 1, c: { d: 2 }, b: 1 }],
    },
    'lets records pass when there is no entry': {
      config: { mappings: [] },
      given: [{ a: 1 }],
      then: [{ a: 1 }],
    },
    'shows a later entry what earlier ones wrote': {
      config: {
        mappings: [{ source: 'a', target: 'b.c' }, { source: 'b.c', target: 'd' }, { target: 'a' }],
      },
      given: [{ a: 1 }],
      then: [{ b: { c: 1 }, d: 1 }],
    },
    'deletes the target of an entry without a source': {
      config: { mappings: [{ target: 'a.b' }, { target: 'list[1]' }, { target: 'missing.x' }] },
      given: [{ a: { b: 1, c: 2 }, list: [1, 2, 3] }],
      then: [{ a: { c: 2 }, list: [1, 3] }],
    },
    'writes null for what is missing or null': {
      config: {
        mappings: [
          { source: 'missing', target: 'made.one', transforms: [{ op: 'toInt' }] },
          { source: 'empty', target: 'two', transforms: [{ op: 'toObject' }] },
        ],
      },
      given: [{ empty: null }],
      then: [{ empty: null, made: { one: null }, two: null }],
    },
    'leaves the target alone with `skipField`': {
      config: { mappings: [{ source: 'a', target: 'b', onMissing: 'skipField' }] },
      given: [{ b: 1 }, { a: null, b: 1 }, { a: 2, b: 1 }],
      then: [{ b: 1 }, { a: null, b: 1 }, { a: 2, b: 2 }],
    },
    'takes and transforms the default with `useDefault`': {
      config: {
        mappings: [
          {
            source: 'a',
            target: 'a',
            onMissing: 'useDefault',
            defaultValue: ' X ',
            transforms: [{ op: 'trim' }, { op: 'lowercase' }],
          },
        ],
      },
      given: [{}, { a: null }, { a: 'Y ' }],
      then: [{ a: 'x' }, { a: 'x' }, { a: 'y' }],
    },
    'writes a default that is null as null': {
      config: {
        mappings: [{ source: 'a', target: 'b', onMissing: 'useDefault', defaultValue: null }],
      },
      given: [{}],
      then: [{ b: null }],
    },
    'copies a default for each record': {
      config: {
        mappings: [
          { source: 'a', target: 'b', onMissing: 'useDefault', defaultValue: { tags: ['new'] } },
        ],
      },
      given: [{}, {}],
      then: [{ b: { tags: ['new'] } }, { b: { tags: ['new'] } }],
    },
    'takes empty text, 0, false, [] and {} for values': {
      config: {
        mappings: ['a', 'b', 'c', 'd', 'e'].map((key) => ({
          source: key,
          target: `out.${key}`,
          onMissing: 'fail',
        })),
      },
      given: [{ a: '', b: 0, c: false, d: [], e: {} }],
      then: [{ a: '', b: 0, c: false, d: [], e: {}, out: { a: '', b: 0, c: false, d: [], e: {} } }],
    },
    'replaces what is in the way of the target': {
      config: { mappings: [{ source: 'a', target: 'b.c[1].d' }] },
      given: [{ a: 1, b: 'text' }],
      then: [{ a: 1, b: { c: [null, { d: 1 }] } }],
    },
    'copies objects, so that a change of one leaves the other': {
      config: {
        mappings: [
          { source: 'address', target: 'billing' },
          { source: 'name', target: 'billing.name' },
        ],
      },
      given: [{ name: 'Ada', address: { city: 'Paris' } }],
      then: [{ name: 'Ada', address: { city: 'Paris' }, billing: { city: 'Paris', name: 'Ada' } }],
    },
    'transforms from left to right': {
      config: {
        mappings: [
          {
            source: 'tags',
            target: 'tags',
            transforms: [
              { op: 'split', separator: ';' },
              { op: 'join', separator: '+' },
            ],
          },
        ],
      },
      given: [{ tags: 'a; b ;c' }],
      then: [{ tags: 'a+b+c' }],
    },
    'fails for a field that is missing': {
      config: { mappings: [{ source: 'a', target: 'b', onMissing: 'fail' }] },
      given: [{ a: 1 }, { a: null }],
      fails: { code: 'MISSING_FIELD' },
    },
    'fails for a value that cannot be converted': {
      config: { mappings: [{ source: 'a', target: 'b', transforms: [{ op: 'toInt' }] }] },
      given: [{ a: 'x' }],
      fails: { code: 'TYPE_CONVERSION' },
    },
    'fails for a date that is none': {
      config: { mappings: [{ source: 'a', target: 'b', transforms: [{ op: 'dateFormat' }] }] },
      given: [{ a: 'tomorrow' }],
      fails: { code: 'TRANSFORM_FAILED' },
    },
    'fails to write to a path that is none': {
      config: { mappings: [{ source: 'a', target: 'b[x]' }] },
      given: [{ a: 1 }],
      fails: { code: 'NESTED_PATH_FAILED' },
    },
    'refuses a missing list': {
      config: {},
      refuses: { code: 'config.required', pointer: '' },
    },
    'refuses an empty source': {
      config: { mappings: [{ source: '', target: 'b' }] },
      refuses: { code: 'config.length', pointer: '/mappings/0/source' },
    },
    'refuses another spelling of `onMissing`': {
      config: { mappings: [{ source: 'a', target: 'b', onMissing: 'setnull' }] },
      refuses: { code: 'config.enum', pointer: '/mappings/0/onMissing' },
    },
    'refuses to write error markers': {
      config: { mappings: [{ source: 'a', target: '_errors[0].code' }] },
      refuses: { code: 'record.reserved', pointer: '/mappings/0/target' },
    },
    'refuses `useDefault` without a default': {
      config: { mappings: [{ source: 'a', target: 'b', onMissing: 'useDefault' }] },
      refuses: { code: 'mapping.no-default', pointer: '/mappings/0/defaultValue' },
    },
    'refuses to replace nothing': {
      config: {
        mappings: [{ source: 'a', target: 'b', transforms: [{ op: 'trim' }, { op: 'replace' }] }],
      },
      refuses: { code: 'mapping.no-pattern', pointer: '/mappings/0/transforms/1/pattern' },
    },
    'refuses a pattern that is none': {
      config: {
        mappings: [
          { source: 'a', target: 'b', transforms: [{ op: 'replace', pattern: '(?=a)b' }] },
        ],
      },
      refuses: { code: 'expression.bad-pattern', pointer: '/mappings/0/transforms/0/pattern' },
    },
  },
  {
    leavesHalfChanged:
      'filters.md, section 1: with `onError: log` a record is kept as changed so far',
  },
);

const { signal } = new AbortController();

function map(record: JsonRecord, entries: readonly Partial<Entry>[], index = 0) {
  const mappings = entries.map((entry) => ({
    target: 'out',
    onMissing: 'setNull',
    transforms: [],
    ...entry,
  })) as Config['mappings'];
  const context = fakeContext();
  const run = () => mapping({ mappings }, context).each({ record, meta: {} }, signal, index);
  return { run, context };
}

describe('the fault of a record', () => {
  it('names the missing field, its target, the record and the entry', () => {
    const { run } = map({}, [{ target: 'x' }, { source: 'a.b', onMissing: 'fail' }], 12);

    expect(run).toThrow(
      expect.objectContaining({
        code: 'MISSING_FIELD',
        category: 'validation',
        retry: false,
        message: 'missing required field "a.b" for target "out" at record 12, mapping 1',
        details: { source_field: 'a.b', target_field: 'out', mapping_index: 1, record_index: 12 },
      }),
    );
  });

  it('names the transform and the reason', () => {
    const { run } = map(
      { a: 12.5 },
      [{ source: 'a', transforms: [{ op: 'trim' }, { op: 'toInt' }] }],
      3,
    );

    expect(run).toThrow(
      expect.objectContaining({
        code: 'TYPE_CONVERSION',
        category: 'validation',
        retry: false,
        message:
          'transform failed for field "a" -> "out" at record 3, mapping 0: transform "toInt" failed: cannot convert float with fractional part to int: 12.5',
        details: {
          source_field: 'a',
          target_field: 'out',
          mapping_index: 0,
          record_index: 3,
          transform_op: 'toInt',
        },
      }),
    );
  });

  it('shortens a value that is long', () => {
    const { run } = map({ a: 'x'.repeat(100_000) }, [
      { source: 'a', transforms: [{ op: 'toInt' }] },
    ]);

    expect(run).toThrow(/cannot parse int from string "x{200,300}…$/);
  });

  it('shows the value in the debug log only', () => {
    const { run, context } = map({ a: 'secret' }, [
      { source: 'a', transforms: [{ op: 'toObject' }] },
    ]);

    expect(run).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
    expect(context.lines).toEqual([
      {
        level: 'debug',
        message: 'value that could not be mapped',
        fields: { mapping_index: 0, record_index: 0, source_value: 'secret' },
      },
    ]);
  });

  it('leaves what earlier entries wrote, and not the target of its own', () => {
    const record: JsonRecord = { a: 'x', out: 'as it was' };
    const { run } = map(record, [
      { source: 'a', target: 'first' },
      { source: 'a', transforms: [{ op: 'toInt' }] },
      { source: 'a', target: 'third' },
    ]);

    expect(run).toThrow('toInt');
    expect(record).toEqual({ a: 'x', out: 'as it was', first: 'x' });
  });
});

describe('integers', () => {
  const isEven = condition('out % 2 == 0', '/expression');

  it('are what `toInt` makes, for expressions that come later', () => {
    const record: JsonRecord = { a: '4' };

    void map(record, [{ source: 'a', transforms: [{ op: 'toInt' }] }]).run();

    expect(isEven(record)).toBe(true);
  });

  it('are no longer integers after another conversion', () => {
    const record: JsonRecord = { a: '4' };

    void map(record, [{ source: 'a', transforms: [{ op: 'toInt' }, { op: 'toFloat' }] }]).run();

    expect(() => isEven(record)).toThrow('% needs integers');
  });

  it('cost nothing where there is no `toInt`', () => {
    const record: JsonRecord = { a: 4 };

    void map(record, [{ source: 'a' }]).run();

    expect(integersOf(record)).toBeUndefined();
    expect(() => isEven(record)).toThrow('% needs integers');
  });
});
