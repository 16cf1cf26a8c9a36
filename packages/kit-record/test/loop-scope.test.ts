import { describe, expect, it } from 'vitest';
import { checkItemName, isLoopScope } from '../src/index.ts';

const loop = { line: { index: 0 } };

describe('the scope of a loop', () => {
  it('has the record around it and says where it stands', () => {
    expect(isLoopScope({ line: {}, record: { id: 1 }, _metadata: { loop } })).toBe(true);
  });

  it.each([
    ['a record with a field `record`', { record: { id: 1 } }],
    ['one with other meta data', { record: { id: 1 }, _metadata: { page: 1 } }],
    ['one that no loop is active in', { record: { id: 1 }, _metadata: { loop: {} } }],
    ['one whose `record` is no object', { record: 'A', _metadata: { loop } }],
    ['one without `record`', { _metadata: { loop } }],
    ['one whose meta data are a list', { record: {}, _metadata: [loop] }],
    ['an empty record', {}],
  ])('is not %s', (_, record) => {
    expect(isLoopScope(record)).toBe(false);
  });
});

describe('a name for an element', () => {
  it.each(['line', 'Line_2', 'métadonnée', 'a-b'])('may be %s', (name) => {
    expect(() => checkItemName(name, '/itemName')).not.toThrow();
  });

  it.each(['record', '_metadata', '_errors', 'loop', 'meta', 'state', 'a.b', 'a[0]', 'a b', ' '])(
    'is not `%s`',
    (name) => {
      expect(() => checkItemName(name, '/itemName')).toThrow(
        expect.objectContaining({ code: 'record.item-name', pointer: '/itemName' }),
      );
    },
  );
});
