import { type Context, faultOf } from '@cannectors/core';
import { compileStatement, type Driver } from '@cannectors/kit-sql';
import type { Built } from './built.ts';
import type { Config } from './config.ts';
import type { Form, FormBatch } from './form.ts';
import { previewStatements } from './preview-statements.ts';
import { runAlone } from './run-alone.ts';
import { runTogether, runWithSavepoints } from './run-together.ts';
import { inUnit } from './unit.ts';

/**
 * Writes with a statement of the user, once for each record.
 *
 * @throws `sql.*`, `template.*`, `expression.*`
 * @see spec/connectors/database.md, section 5
 */
export function statements(config: Config, context: Context, driverOf: () => Driver): Form {
  const statement = compileStatement(config, context);

  return {
    isTransaction: config.transaction,
    concurrent: 'deliveries',

    async write(batch, session, unit, signal) {
      const built = build(batch);
      // The records before it would be rolled back with it.
      if (batch.hasFailed()) return;
      await inUnit(unit, signal, async () => {
        const run = config.savepoints && !batch.failFast ? runWithSavepoints : runTogether;
        await run(batch, built, session, signal);
        return batch.hasFailed() ? 'undo' : 'keep';
      });
    },

    writeAlone: (batch, acquire, signal) => runAlone(batch, build(batch), acquire, signal),

    preview: (items, address) => previewStatements(items, address, statement, config.transaction),
  };

  function build({ items, failFast, lost }: FormBatch): Built {
    const driver = driverOf();
    const built: Built = { statements: [], places: [] };
    for (let index = 0; index < items.length; index++) {
      try {
        built.statements.push(statement.bind(driver, { record: items[index]?.record ?? {} }));
        built.places.push(index);
      } catch (error) {
        lost({ index, fault: faultOf(error, 'OUTPUT_FAILED'), step: 'build' });
        if (failFast) break;
      }
    }
    return built;
  }
}
