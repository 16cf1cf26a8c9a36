import { beyondLimit } from './faults.ts';
import { limits } from './limits.ts';
import type { TemplateScope } from './template-scope.ts';
import type { Value } from './tree.ts';

/** One rendering: what it reads, its variables, what it has made and what that has cost. */
export interface Frame {
  readonly scope: TemplateScope;
  readonly slots: (Value | typeof unset)[];
  out: string;
  steps: number;
}

export type Evaluate = (frame: Frame) => Value;

/** What stands in the slot of a variable that was not set. */
export const unset = Symbol('unset');

export function frameOf(scope: TemplateScope, size: number): Frame {
  return { scope, slots: Array.from({ length: size }, () => unset), out: '', steps: 0 };
}

/** @throws `template.limit` when a rendering has taken too many steps */
export function charge(frame: Frame, steps: number): void {
  frame.steps += steps;
  if (frame.steps > limits.steps) {
    throw beyondLimit(`Rendering takes more than ${limits.steps} steps`);
  }
}

/** What it costs to look at a value once. */
export function costOf(value: Value): number {
  if (typeof value === 'string') return value.length >>> 6;
  return Array.isArray(value) ? value.length : 0;
}
