import { loops } from '../loops.ts';
import type { Builtin } from './builtin.ts';
import { conversionFunctions } from './conversions.ts';
import { dateFunctions } from './dates.ts';
import { listFunctions } from './lists.ts';
import { numberFunctions } from './numbers.ts';
import { textFunctions } from './texts.ts';

/** The functions of the language that take values. Nobody can add to them. */
export const functions: ReadonlyMap<string, Builtin> = new Map<string, Builtin>(
  Object.entries({
    ...conversionFunctions,
    ...dateFunctions,
    ...listFunctions,
    ...numberFunctions,
    ...textFunctions,
  }),
);

/** Every name that can be called. */
export const functionNames: ReadonlySet<string> = new Set([...functions.keys(), ...loops.keys()]);
