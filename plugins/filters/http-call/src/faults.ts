import { Fault, type FaultOptions } from '@cannectors/core';
import { type Key, type KeyProblem, safeUrl } from '@cannectors/kit-http';

/** There is neither a body nor a key, so every record would ask the same. */
export function nothingAsked(): Fault {
  return new Fault('http-call.nothing-asked', 'Without a body at least one key is needed.', {
    category: 'validation',
    hint: 'Say what is asked for, as in `keys: [{ field: id, paramType: path, paramName: id }]`.',
    pointer: '/keys',
  });
}

/** A record has no value for a key. */
export function noKeyValue({ field }: Key, problem: KeyProblem): Fault {
  const what = problem === 'missing' ? 'not found' : `is ${problem}`;
  return new Fault('HTTP_CALL_KEY_EXTRACT', `field '${field}' ${what}`, {
    category: 'validation',
    details: { field },
  });
}

/** The server answered with a status of 400 or more, or did not answer. */
export function callFailed(cause: Fault, attempts: number): Fault {
  const { response_body: body, ...details } = cause.details;
  return new Fault('HTTP_CALL_HTTP_ERROR', messageOf(cause, body), {
    ...optionsOf(cause),
    details: { ...details, attempts },
  });
}

/** Adds to the fault of a call how often it was made. */
export function afterAttempts(cause: Fault, attempts: number): Fault {
  return new Fault(cause.code, cause.message, {
    ...optionsOf(cause),
    details: { ...cause.details, attempts },
  });
}

/** The response is not JSON, or neither an object nor a list. */
export function notJson(reason: string): Fault {
  return new Fault('HTTP_CALL_JSON_PARSE', `http_call failed to parse response: ${reason}`, {
    category: 'validation',
  });
}

/** There is nothing in the response where `dataField` says. */
export function noData(dataField: string): Fault {
  return new Fault(
    'HTTP_CALL_DATA_FIELD_MISSING',
    `http_call dataField '${dataField}' not found in response`,
    { category: 'validation', pointer: '/dataField' },
  );
}

/** What stands in the response where `dataField` says is neither an object nor a list. */
export function wrongData(dataField: string, type: string): Fault {
  return new Fault(
    'HTTP_CALL_DATA_FIELD_TYPE',
    `http_call dataField '${dataField}' must be an object or a list, got ${type}`,
    { category: 'validation', pointer: '/dataField' },
  );
}

/** The answer has a shape that `mergeStrategy` cannot put into a record. */
export function mergeMismatch(reason: string): Fault {
  return new Fault('HTTP_CALL_MERGE_MISMATCH', `http_call ${reason}`, { category: 'validation' });
}

function messageOf({ statusCode, category, message }: Fault, body: unknown): string {
  if (statusCode === undefined) return `http_call HTTP request failed: ${message}`;
  const text = typeof body === 'string' ? body.trim() : '';
  const said = text === '' ? message : shortened(text);
  // Who watches for wrong credentials looks for the words that all modules use.
  const words = category === 'authentication' && text !== '' ? ` (${message})` : '';
  return `http_call HTTP error ${statusCode}: ${said}${words}`;
}

/** The first 200 bytes of a text; of a character that they would cut, none. URLs lose their secrets. */
function shortened(body: string): string {
  // In JSON a slash may stand behind a backslash.
  const text = body.replace(/https?:\\?\/\\?\/[^\s"'<>]+/gi, (url) =>
    safeUrl(url.replaceAll('\\/', '/')),
  );
  return Buffer.from(text)
    .subarray(0, 200)
    .toString()
    .replace(/\uFFFD+$/, '');
}

function optionsOf({ category, retry, hint, statusCode, cause }: Fault): FaultOptions {
  return {
    category,
    retry,
    ...(hint !== undefined && { hint }),
    ...(statusCode !== undefined && { statusCode }),
    cause,
  };
}
