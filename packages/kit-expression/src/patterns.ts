// Regular expressions in linear time.
export { type RegularExpression, regularExpression } from './regular-expression.ts';
