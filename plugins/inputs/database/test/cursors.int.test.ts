import { describeDatabase } from '@cannectors/testkit/databases';
import { beforeAll, describe, expect, it } from 'vitest';
import { reading } from './reading.ts';

const first = '2026-04-21T12:34:56.123456Z';
const second = '2026-04-21T12:34:56.123457Z';
const large = 2n ** 60n;

describeDatabase('postgres', ({ connectionString, query }) => {
  beforeAll(async () => {
    await query(
      'CREATE TABLE events (id bigint, at timestamptz)',
      `INSERT INTO events VALUES (${large}, '${first}'), (${large + 1n}, '${second}')`,
    );
  });

  describe('a cursor', () => {
    it('keeps every digit of what the record shows in seconds', async () => {
      const input = await reading({
        connectionString,
        query: "SELECT id, at FROM events WHERE at > COALESCE($1::timestamptz, '-infinity')",
        statePersistence: { timestamp: { enabled: true, field: 'at' } },
      });
      const chunks = await input.read();

      expect(chunks[0]?.items[0]?.record).toEqual({ id: large, at: '2026-04-21T12:34:56Z' });
      expect(chunks.at(-1)?.checkpoint).toEqual({ timestamp: second });
      // One microsecond decides.
      expect(await input.records({ timestamp: first })).toMatchObject([{ id: large + 1n }]);
      expect(await input.records({ timestamp: second })).toEqual([]);
    });

    it('keeps integers of 64 bits', async () => {
      const input = await reading({
        connectionString,
        query: 'SELECT id FROM events WHERE id > COALESCE($1::bigint, 0) ORDER BY id',
        statePersistence: { id: { enabled: true, field: 'id' } },
      });
      const chunks = await input.read();

      expect(chunks.at(-1)?.checkpoint).toEqual({ id: String(large + 1n) });
      expect(await input.records({ id: String(large) })).toEqual([{ id: large + 1n }]);
    });

    it('stands in `$1` and `$2` where both are kept', async () => {
      const input = await reading({
        connectionString,
        query:
          "SELECT id FROM events WHERE at >= COALESCE($1::timestamptz, '-infinity') AND id > COALESCE($2::bigint, 0)",
        statePersistence: {
          timestamp: { enabled: true, field: 'at' },
          id: { enabled: true, field: 'id' },
        },
      });

      expect(await input.records()).toHaveLength(2);
      expect(await input.records({ timestamp: first, id: String(large) })).toEqual([
        { id: large + 1n },
      ]);
      expect(await input.records({ timestamp: second, id: String(large + 1n) })).toEqual([]);
    });

    it('is a variable of parameters', async () => {
      const input = await reading({
        connectionString,
        query: 'SELECT id FROM events WHERE id > $1',
        parameters: ['state.id ?? 0'],
        statePersistence: { id: { enabled: true, field: 'id' } },
      });

      expect(await input.records()).toHaveLength(2);
      expect(await input.records({ id: String(large) })).toEqual([{ id: large + 1n }]);
    });

    it('is also kept by the older `incremental`, with a warning', async () => {
      const input = await reading({
        connectionString,
        query: 'SELECT id FROM events WHERE id > COALESCE($1, 0)',
        incremental: { enabled: true, idField: 'id' },
      });
      const chunks = await input.read();

      expect(chunks.at(-1)?.checkpoint).toEqual({ id: String(large + 1n) });
      expect(input.context.lines).toContainEqual(
        expect.objectContaining({ level: 'warn', message: expect.stringContaining('deprecated') }),
      );
    });

    it('is not kept twice', async () => {
      const config = {
        connectionString,
        query: 'SELECT 1 AS id',
        incremental: { enabled: true, idField: 'id' },
        statePersistence: { id: { enabled: true, field: 'id' } },
      };

      await expect(reading(config)).rejects.toMatchObject({
        code: 'database.two-memories',
        pointer: '/incremental',
      });
    });

    it('that nobody stores is named', async () => {
      const config = { connectionString, query: 'SELECT 1', parameters: [] };
      const wrong = { ...config, query: 'SELECT $1::text', parameters: ['state.lastUd'] };

      await expect(reading(wrong)).rejects.toMatchObject({ code: 'cursor.unknown-state' });
    });
  });
});
