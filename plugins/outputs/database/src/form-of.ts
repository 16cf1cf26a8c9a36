import type { Context } from '@cannectors/core';
import type { Driver } from '@cannectors/kit-sql';
import type { Config } from './config.ts';
import {
  keyIsNoColumn,
  mixedForms,
  needsKey,
  noForm,
  nothingToUpdate,
  savepointsAlone,
} from './faults.ts';
import type { Form } from './form.ts';
import { rows } from './rows.ts';
import { statements } from './statements.ts';

/** The form that a config asks for. @throws `database.*` when its keys do not fit together */
export function formOf(config: Config, context: Context, driverOf: () => Driver): Form {
  const { table } = config;
  const [statementKey] = (['query', 'queryFile', 'parameters'] as const).filter(
    (key) => config[key] !== undefined,
  );
  const bulkKey = bulkKeyOf(config);
  if (statementKey !== undefined && bulkKey !== undefined) throw mixedForms(statementKey, bulkKey);
  if (table !== undefined) {
    checkRows(config);
    return rows({ ...config, table });
  }
  if (config.query === undefined && config.queryFile === undefined) throw noForm(bulkKey);
  if (config.savepoints && !config.transaction) throw savepointsAlone();
  return statements(config, context, driverOf);
}

/** The first key that only the bulk form has, among those that were set. */
function bulkKeyOf({ table, columns, key, createTable, mode }: Config): string | undefined {
  if (table !== undefined) return 'table';
  if (columns !== undefined) return 'columns';
  if (key !== undefined) return 'key';
  if (createTable) return 'createTable';
  return mode === 'insert' ? undefined : 'mode';
}

function checkRows({ mode, key = [], columns }: Config): void {
  if (mode !== 'insert' && key.length === 0) throw needsKey(mode);
  if (columns === undefined) return;
  const names = Array.isArray(columns) ? columns : Object.keys(columns);
  const missing = key.find((name) => !names.includes(name));
  if (missing !== undefined) throw keyIsNoColumn(missing);
  if (mode === 'update' && names.length === key.length) throw nothingToUpdate();
}
