// The condition language: text to closures, once. No text is ever evaluated as JavaScript (G10).
// Also what other languages of a pipeline share with it: regular expressions in linear time, layouts of dates.
// The field of a config that holds an expression is behind the other door, `./config`.
export type { Environment } from './code.ts';
export { condition, type Expression, expression } from './expression.ts';
export { type RegularExpression, regularExpression } from './regular-expression.ts';
export type { Civil } from './time/civil.ts';
export { type DateLayout, dateLayout } from './time/layout.ts';
export { isTruthy } from './truthiness.ts';
