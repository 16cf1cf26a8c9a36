/** Characters of an expression, and of a pattern that is made at run time. */
export const maxLength = 10_000;

/** Levels of a tree: deep enough for a `?:` with hundreds of branches, and far from the stack's end. */
export const maxDepth = 400;

/** Elements visited in one evaluation. */
export const maxSteps = 1_000_000;

/** Characters that are looked through in the time of one step. */
export const charactersPerStep = 64;

/** The same for a pattern, as characters times instructions. */
export const patternWorkPerStep = 128;

/** Characters of a text that an expression makes. */
export const maxTextLength = 16_000_000;

/** Integers are exact; this bounds what multiplying them again and again can cost. */
export const maxInteger = 2n ** 1024n;

/** Keys that are out of reach: they lead out of the data into the program. */
export const outOfReach: ReadonlySet<unknown> = new Set(['__proto__', 'constructor', 'prototype']);
