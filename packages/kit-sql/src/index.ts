// One face for three databases: connections, statements with `$N` placeholders, streaming reads and
// bulk writes. Drivers are imported when a connection is opened.
export type { ConnectionConfig, StatementConfig } from './config.ts';
export { type Address, type Connector, connector } from './connector.ts';
export type {
  Block,
  Bound,
  Bulk,
  BulkMode,
  BulkPlan,
  Database,
  Driver,
  NewColumn,
  OnFailure,
  Session,
  SqlValue,
  ValueOptions,
} from './database.ts';
export { driverOf } from './driver-of.ts';
export { type Failed, isOfRecord, sqlFault } from './faults.ts';
export { quotedTable } from './identifiers.ts';
export { inSeconds } from './in-seconds.ts';
export { type KeyList, keyListOf, type NoKeyList } from './statement/key-list.ts';
export {
  type BoundStatement,
  compileStatement,
  type Statement,
  type StatementOptions,
} from './statement/statement.ts';
