import { Fault } from '@cannectors/core';
import type { Key, KeyProblem } from '@cannectors/kit-http';

/** `batchSize` is set although every record has a request of its own. */
export function sizeWithoutBatch(): Fault {
  return new Fault('http-request.batch-size', '`batchSize` has no meaning with `single`.', {
    category: 'validation',
    hint: 'Leave `batchSize` out, or set `requestMode: batch`.',
    pointer: '/batchSize',
  });
}

/** A record has no value for a key. */
export function noKeyValue({ field, paramType, paramName }: Key, problem: KeyProblem): Fault {
  return new Fault(
    'http-request.no-key-value',
    `${paramType} key "${paramName}": field "${field}" is ${problem} in record`,
    { category: 'validation', details: { field } },
  );
}

/** What the endpoint renders to for a record is no URL. */
export function badEndpoint(cause: Fault): Fault {
  return new Fault(
    'http-request.bad-endpoint',
    `endpoint is invalid after template evaluation: ${cause.message}`,
    { category: 'validation', ...(cause.hint !== undefined && { hint: cause.hint }), cause },
  );
}

/** A batch could not be delivered. */
export function batchFailed(index: number, cause: Fault): Fault {
  return new Fault(cause.code, `httpRequest batch ${index}: ${cause.message}`, {
    category: cause.category,
    retry: cause.retry,
    ...(cause.hint !== undefined && { hint: cause.hint }),
    ...(cause.statusCode !== undefined && { statusCode: cause.statusCode }),
    details: { ...cause.details, batch_index: index },
    cause,
  });
}

/** `success.expression` asks for the body, and the response is not JSON. */
export function successNeedsJson(): Fault {
  return new Fault(
    'http-request.success-needs-json',
    'success.expression references body but response is not valid JSON',
    { category: 'validation', pointer: '/success/expression' },
  );
}

/** `success.expression` cannot be evaluated for a response, or gives no boolean. */
export function successFailed(reason: string, cause?: unknown): Fault {
  return new Fault(
    'http-request.success-failed',
    `success.expression evaluation failed: ${reason}`,
    { category: 'validation', pointer: '/success/expression', cause },
  );
}
