import { failed, tooCostly } from './faults.ts';
import { charactersPerStep, maxSteps, maxTextLength } from './limits.ts';

/** What an expression reads from: root variables by name. */
export interface Environment {
  readonly [name: string]: unknown;
}

/** A compiled part of an expression. */
export type Run = (env: Environment, frame: Frame) => unknown;

/** A compiled part, and its value where that is known before any record. */
export interface Code {
  readonly run: Run;
  readonly constant?: { readonly value: unknown };
  /** The root variable that it reads, where that is all it does. */
  readonly name?: string;
}

/** What one evaluation keeps. */
export interface Frame {
  /** Values that `let` named, and what predicates see. */
  readonly slots: unknown[];
  /** Steps that are left. */
  steps: number;
  /** The call at hand, for what goes wrong in a function. */
  site: Site;
}

/** A place in the source, for people. */
export interface Site {
  /** The part of the source, shortened. */
  readonly text: string;
  readonly pointer: string;
  /** Name of the function, where it is a call. */
  readonly name: string;
}

export function frameOf(slots: number, site: Site): Frame {
  return { slots: slots === 0 ? none : Array.from({ length: slots }), steps: maxSteps, site };
}

const none: unknown[] = [];

export function known(value: unknown): Code {
  return { run: () => value, constant: { value } };
}

/** There is no value, because of the data. What the data puts into the reason is shortened. */
export function failure(site: Site, reason: string, hint?: string) {
  return failed(shortened(reason, 200), site.text, site.pointer, hint);
}

export function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Counts what costs time: elements that are visited. */
export function spend(frame: Frame, steps: number): void {
  frame.steps -= steps;
  if (frame.steps < 0) throw tooCostly(`${maxSteps} steps`, frame.site.text, frame.site.pointer);
}

/** Counts the time that it takes to look through a text. */
export function spendText(frame: Frame, text: string): void {
  if (text.length > charactersPerStep) spend(frame, Math.floor(text.length / charactersPerStep));
}

/** Bounds the length of a text before it is made. */
export function allowText(site: Site, length: number): void {
  if (length > maxTextLength) {
    throw tooCostly(`${maxTextLength} characters`, site.text, site.pointer);
  }
}
