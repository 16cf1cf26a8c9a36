import { describe, expect, it } from 'vitest';
import { describeDatabase } from '../src/databases.ts';

describe.each(['postgres', 'mysql', 'sqlite'] as const)('a place in %s', (driver) => {
  describeDatabase(driver, (place) => {
    it('keeps what is written into it', async () => {
      await place.query(
        'CREATE TABLE movies (id integer, title text)',
        "INSERT INTO movies VALUES (1, 'Alien')",
      );

      expect(await place.query('SELECT * FROM movies')).toEqual([{ id: 1, title: 'Alien' }]);
    });
  });

  describeDatabase(driver, (place) => {
    it('is of no other tests', async () => {
      await expect(place.query('SELECT * FROM movies')).rejects.toThrow(/movies/);
    });
  });
});
