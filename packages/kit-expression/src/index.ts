// The condition language: text to closures, once. No text is ever evaluated as JavaScript (G10).
// The field of a config that holds an expression is behind the door `./config`. What the language
// shares with transforms has doors of its own, so that they need not load it: `./dates`, `./patterns`.
export type { Environment } from './code.ts';
export { condition, type Expression, expression } from './expression.ts';
export { isTruthy } from './truthiness.ts';
