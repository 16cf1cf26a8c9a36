import type { Builtin } from './functions/builtin.ts';
import type { Loop } from './loops.ts';

/** A part of an expression, and where it stands in the source. */
export type Node = Place & Part;

/** Half open: the source from `from` up to, not including, `to`. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

export type Part =
  | { readonly kind: 'constant'; readonly value: Scalar }
  /** A root variable: a key of the environment. */
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'environment' }
  /** What `let` named, or what a predicate sees: `#` and `#acc`. */
  | { readonly kind: 'local'; readonly slot: number }
  /** `#index`. */
  | { readonly kind: 'position'; readonly slot: number }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: Node, value: Node])[] }
  | {
      readonly kind: 'member';
      readonly target: Node;
      readonly key: Node;
      readonly optional: boolean;
    }
  | {
      readonly kind: 'method';
      readonly target: Node;
      readonly name: string;
      readonly builtin: Builtin;
      readonly arguments: readonly Node[];
      readonly optional: boolean;
    }
  /** Ends what a `?.` in it skips: `a?.b.c` as a whole. */
  | { readonly kind: 'chain'; readonly target: Node }
  | {
      readonly kind: 'slice';
      readonly target: Node;
      readonly start: Node | undefined;
      readonly end: Node | undefined;
    }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Node }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Node;
      readonly right: Node;
    }
  /** A chain of one operator is flat, however long it is. */
  | {
      readonly kind: 'logical';
      readonly operator: 'and' | 'or';
      readonly operands: readonly [Node, Node, ...Node[]];
    }
  | {
      readonly kind: 'conditional';
      readonly test: Node;
      readonly yes: Node;
      readonly no: Node;
    }
  | { readonly kind: 'let'; readonly slot: number; readonly value: Node; readonly body: Node }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly builtin: Builtin;
      readonly arguments: readonly Node[];
    }
  /** A function that runs a predicate for each element; it owns the slots from `slot` on. */
  | {
      readonly kind: 'loop';
      readonly name: string;
      readonly loop: Loop;
      readonly list: Node;
      readonly predicate: Node | undefined;
      readonly slot: number;
      readonly extra: Node | undefined;
    };

/** Inside an expression a `bigint` is an integer, whatever its size, and a number is a double. */
export type Scalar = null | boolean | number | bigint | string;

export type UnaryOperator = 'not' | '-' | '+';

export type BinaryOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'matches'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | '..'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '??';

/** What a predicate sees, as offsets from the first of its slots. */
export const loopSlots = { element: 0, index: 1, accumulator: 2, count: 3 } as const;
