import { arithmetic, signed } from './arithmetic.ts';
import type { Code, Run, Site } from './code.ts';
import { equality, ordering } from './comparison.ts';
import { coalescing, negation } from './logic.ts';
import { membership, range } from './membership.ts';
import type { BinaryOperator, UnaryOperator } from './syntax.ts';
import { textTest } from './text-test.ts';

/** Compiles an operator with one operand. */
export function unary(site: Site, operator: UnaryOperator, operand: Run): Run {
  return operator === 'not' ? negation(site, operand) : signed(site, operator, operand);
}

/** Compiles an operator with two operands. */
export function binary(site: Site, operator: BinaryOperator, left: Code, right: Code): Run {
  switch (operator) {
    case '==':
    case '!=':
      return equality(site, operator, left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordering(site, operator, left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '**':
      return arithmetic(site, operator, left, right);
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'matches':
      return textTest(site, operator, left, right);
    case 'in':
      return membership(site, left.run, right.run);
    case '..':
      return range(site, left.run, right.run);
    case '??':
      return coalescing(left.run, right.run);
  }
}
