import { failure, type Frame, spendText } from '../code.ts';
import { kindOf, numberOf } from '../kinds.ts';

/** A function of the language. */
export interface Builtin {
  readonly least: number;
  readonly most: number;
  readonly call: (frame: Frame, ...args: readonly unknown[]) => unknown;
  /** The same arguments do not always give the same result. */
  readonly isImpure?: true;
}

type Call = Builtin['call'];

/** A function that takes so many arguments. */
export function takes(least: number, most: number, call: Call): Builtin {
  return { least, most, call };
}

/** The fault of a function that is given something it cannot use. */
export function wrongArgument(frame: Frame, value: unknown, hint?: string) {
  const { site } = frame;
  return failure(site, `invalid argument for ${site.name} (type ${kindOf(value)})`, hint);
}

export function textArgument(frame: Frame, value: unknown): string {
  if (typeof value === 'string') {
    spendText(frame, value);
    return value;
  }
  throw wrongArgument(
    frame,
    value,
    value == null ? 'Give it a default: `(name ?? "")`.' : undefined,
  );
}

export function listArgument(frame: Frame, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrongArgument(
    frame,
    value,
    value == null ? 'Give it a default: `(list ?? [])`.' : undefined,
  );
}

export function numberArgument(frame: Frame, value: unknown): number {
  const number = numberOf(value);
  if (number === undefined) throw wrongArgument(frame, value);
  return number;
}

/** A whole number; of a double the fraction is cut off. */
export function countArgument(frame: Frame, value: unknown): number {
  return Math.trunc(numberArgument(frame, value));
}
