// What the suite checks in a package's files, for programs that are no tests. Needs no test runner.
export { type FaultEntry, faultsIn } from './checks/fault-entries.ts';
export { schemaFrom, schemaText } from './checks/fresh.ts';
