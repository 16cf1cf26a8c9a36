import type { Json } from './json.ts';

/** What kind of failure it is. The user sees it in markers, logs and results. */
export type Category =
  | 'authentication'
  | 'validation'
  | 'not_found'
  | 'rate_limit'
  | 'server'
  | 'network'
  | 'unknown';

export interface FaultOptions {
  /** Default `unknown`. */
  readonly category?: Category;
  /** The next thing to do, as an order. */
  readonly hint?: string;
  /** Where in the module's config, as a JSON Pointer (RFC 6901): `/target`. */
  readonly pointer?: string;
  /** Whether a repeat may help; a number is a wait in milliseconds. Default: by category. */
  readonly retry?: boolean | number;
  readonly statusCode?: number;
  /** Facts for the result and the log, such as `target_field`. Never a secret. */
  readonly details?: Readonly<Record<string, Json>>;
  readonly cause?: unknown;
}

/** A second copy of core in the process must recognise the faults of the first. */
const mark = Symbol.for('cannectors.fault');

/**
 * An error with a code, an address and an advice.
 *
 * The message is one sentence: what is wrong, and what was expected. It never holds a secret,
 * and a URL in it has no user info, query or fragment.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly [mark] = true;
  readonly code: string;
  readonly category: Category;
  readonly retry: boolean | number;
  readonly hint: string | undefined;
  readonly pointer: string | undefined;
  readonly statusCode: number | undefined;
  readonly details: Readonly<Record<string, Json>>;

  constructor(code: string, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.category = options.category ?? 'unknown';
    this.retry = options.retry ?? isTransient(this.category);
    this.hint = options.hint;
    this.pointer = options.pointer;
    this.statusCode = options.statusCode;
    this.details = options.details ?? {};
  }
}

/** Tells whether an error is a fault, also one made by another copy of core. */
export function isFault(error: unknown): error is Fault {
  return typeof error === 'object' && error !== null && mark in error;
}

/** Gives the fault as it is, and wraps any other thrown value in a fault with `code`. */
export function faultOf(error: unknown, code: string): Fault {
  if (isFault(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Fault(code, message, { cause: error });
}

function isTransient(category: Category): boolean {
  return (
    category === 'network' ||
    category === 'server' ||
    category === 'rate_limit' ||
    category === 'unknown'
  );
}
