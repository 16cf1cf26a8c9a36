// Dates as people write them, by layouts of the reference date, and as a clock shows them.
export { type Civil, exists } from './time/civil.ts';
export { type DateLayout, dateLayout } from './time/layout.ts';
