import { type Category, Fault } from '@cannectors/core';
import type { Config } from './config.ts';

/** Categories of outages, which a functional error is not. */
const outages: readonly Category[] = ['network', 'server', 'rate_limit', 'unknown'];

/**
 * Compiles what a marker says of a fault with a status.
 *
 * @see spec/connectors/execution.md, section 4.4
 */
export function classifier({
  functional = [],
  technical = [],
}: Config['errorClassification'] = {}): (fault: Fault) => Fault {
  return (fault) => {
    const { statusCode, category } = fault;
    if (statusCode === undefined) return fault;
    const isOutage = outages.includes(category);
    if (functional.includes(statusCode)) {
      return withClass(fault, isOutage ? 'validation' : category, false);
    }
    if (!technical.includes(statusCode)) return fault;
    return withClass(fault, isOutage && category !== 'unknown' ? category : 'server', true);
  };
}

function withClass(fault: Fault, category: Category, retry: boolean): Fault {
  const { code, message, statusCode, details } = fault;
  return new Fault(code, message, {
    category,
    retry,
    ...(statusCode !== undefined && { statusCode }),
    details,
    cause: fault,
  });
}
