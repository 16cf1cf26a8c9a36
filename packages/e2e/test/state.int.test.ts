import { describe, expect, it } from 'vitest';
import { cannectors } from '../src/command.ts';
import { workspace } from '../src/workspace.ts';

const good =
  'name: shop\ninput: {type: file, path: in.ndjson}\noutput: {type: file, path: out.ndjson}\n';
const files = { 'a.yaml': good, 'in.ndjson': '{"id":1}\n{"id":2}\n' };

describe('state', () => {
  const persistent = good.replace(
    'in.ndjson}',
    'in.ndjson, statePersistence: {offset: {enabled: true}}}',
  );

  it('is read, replaced, deleted; set is a backfill and clear a full re-sync', async () => {
    const space = workspace({ ...files, 'a.yaml': persistent });
    const state = (...words: string[]) => cannectors(['state', ...words], space);

    expect(JSON.parse((await state('get', 'a.yaml')).stdout)).toEqual({});
    await cannectors(['run', 'a.yaml'], space);
    expect(JSON.parse((await state('get', 'a.yaml')).stdout)).toEqual({ offset: 18 });
    expect(await state('set', 'a.yaml', '{"offset":9}')).toMatchObject({ code: 0 });
    await cannectors(['run', 'a.yaml'], space);
    expect(space.records('out.ndjson').map(({ id }) => id)).toEqual([1, 2, 2]);
    expect(await state('clear', 'a.yaml')).toMatchObject({ code: 0 });
    await cannectors(['run', 'a.yaml'], space);
    expect(space.records('out.ndjson').map(({ id }) => id)).toEqual([1, 2, 2, 1, 2]);
  });

  it.each(['no json', '[]', '{"offset":-1}', '{"timestamp":"soon"}'])(
    'is not replaced by %s: exit code 3',
    async (content) => {
      const space = workspace({ ...files, 'a.yaml': persistent });

      const { code, stderr } = await cannectors(['state', 'set', 'a.yaml', content], space);

      expect(code).toBe(3);
      expect(stderr).toMatch(/^✖ /);
      expect(await cannectors(['state', 'get', 'a.yaml'], space)).toMatchObject({ stdout: '{}\n' });
    },
  );

  it('keeps digits beyond 2^53', async () => {
    const space = workspace({ ...files, 'a.yaml': persistent });

    await cannectors(['state', 'set', 'a.yaml', '{"id":12345678901234567890}'], space);

    expect(space.json('.cannectors-state/shop.json')).toEqual({ id: '12345678901234567890' });
  });
});
