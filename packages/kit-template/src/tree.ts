import type { Json } from '@cannectors/core';
import type { Place } from './faults.ts';

/** What a template computes with: JSON, and `undefined` for what is missing. */
export type Value = Json | undefined;

export type Expression =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'name'; readonly name: string; readonly place: Place }
  | {
      readonly kind: 'member';
      readonly object: Expression;
      readonly key: string;
      readonly place: Place;
    }
  | {
      readonly kind: 'item';
      readonly object: Expression;
      readonly index: Expression;
      readonly place: Place;
    }
  | {
      readonly kind: 'slice';
      readonly object: Expression;
      readonly from: Expression | undefined;
      readonly to: Expression | undefined;
      readonly step: Expression | undefined;
      readonly place: Place;
    }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | {
      readonly kind: 'map';
      readonly entries: readonly (readonly [Expression, Expression])[];
      readonly place: Place;
    }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'sign';
      readonly operator: '-' | '+';
      readonly operand: Expression;
      readonly place: Place;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
      readonly place: Place;
    }
  | { readonly kind: 'concatenation'; readonly parts: readonly Expression[] }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'comparison'; readonly first: Expression; readonly rest: readonly Link[] }
  | {
      readonly kind: 'choice';
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression | undefined;
    }
  | ({ readonly kind: 'filter'; readonly input: Expression } & FilterCall)
  | ({ readonly kind: 'test'; readonly input: Expression } & FilterCall)
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly given: Arguments;
      readonly place: Place;
    }
  | {
      readonly kind: 'method';
      readonly object: Expression;
      readonly name: string;
      readonly given: Arguments;
      readonly place: Place;
    };

export type Arithmetic = '+' | '-' | '*' | '/' | '//' | '%' | '**';

export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** One step of a chain: `1 < x < 5` has two. */
export interface Link {
  readonly comparator: Comparator;
  readonly operand: Expression;
  readonly place: Place;
}

/** A filter, or a test, without its input. */
export interface FilterCall {
  readonly name: string;
  readonly given: Arguments;
  readonly place: Place;
}

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
}

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly expression: Expression; readonly place: Place }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: Body }
  | {
      readonly kind: 'for';
      readonly targets: readonly string[];
      readonly list: Expression;
      readonly condition: Expression | undefined;
      readonly body: Body;
      readonly otherwise: Body;
      readonly place: Place;
    }
  | {
      readonly kind: 'set';
      readonly targets: readonly string[];
      readonly value: Expression;
      readonly place: Place;
    }
  | {
      readonly kind: 'member set';
      readonly name: string;
      readonly key: string;
      readonly value: Expression;
      readonly place: Place;
    }
  | { readonly kind: 'capture'; readonly target: string; readonly value: Captured }
  | { readonly kind: 'filter block'; readonly value: Captured; readonly place: Place }
  | {
      readonly kind: 'with';
      readonly variables: readonly (readonly [string, Expression])[];
      readonly body: Body;
    };

export interface Branch {
  readonly condition: Expression;
  readonly body: Body;
}

/** A body, and what it costs to execute it once: its tokens, without those of inner bodies. */
export interface Body {
  readonly nodes: readonly Node[];
  readonly cost: number;
}

/** Text that a block makes, and the filters that it goes through. */
export interface Captured {
  readonly body: Body;
  readonly filters: readonly FilterCall[];
}
