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

/** Begins a rendering of a template that has so many variables. */
export function frameOf(scope: TemplateScope, size: number): Frame {
  const slots: Frame['slots'] = [];
  while (slots.length < size) slots.push(unset);
  return { scope, slots, out: '', steps: 0 };
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
  if (typeof value === 'string') return value.length >>> 3;
  return Array.isArray(value) ? value.length : 0;
}
