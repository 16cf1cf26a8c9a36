import { schemaOf, type Subject } from '../subject.ts';
import { type Field, fieldsOf } from './fields.ts';

/** One idea, one word: the word we use, and the others that mean the same. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  endpoint: ['url', 'uri', 'address', 'baseUrl', 'href'],
  authentication: ['auth', 'credentials', 'login'],
  headers: ['httpHeaders', 'requestHeaders'],
  queryParams: ['params', 'queryParameters', 'searchParams', 'urlParams'],
  body: ['payload', 'content', 'requestBody'],
  method: ['verb', 'httpMethod'],
  timeoutMs: ['timeout', 'timeoutSeconds', 'requestTimeoutMs', 'timeLimitMs'],
  retry: ['retries', 'retryPolicy'],
  batchSize: ['chunkSize', 'bulkSize', 'batch'],
  schedule: ['cron', 'interval', 'every'],
  pagination: ['paging', 'pager'],
  connectionString: ['dsn', 'databaseUrl', 'connectionUrl', 'connection'],
  driver: ['dialect', 'engine', 'database'],
  query: ['sql', 'statement'],
  parameters: ['args', 'arguments', 'bindings'],
  source: ['from', 'src'],
  target: ['to', 'dest', 'destination', 'dst'],
  dataField: ['recordsField', 'recordsPath', 'dataPath', 'rootField'],
  cache: ['caching', 'memoize'],
  onError: ['onFailure', 'errorPolicy', 'errorHandling'],
  when: ['if', 'predicate'],
};

/**
 * Keys that break a rule, each with the reason. `type: key`, or `*: key` for fields that a kit
 * gives to many. The table may only shrink.
 */
const exceptions: Readonly<Record<string, string>> = {
  '*: authentication.credentials': 'written so in every pipeline of the original tool',
  '*: retry.retryHintFromBody': 'written so in every pipeline of the original tool',
  'webhook: requestTimeoutMs':
    'the original key; `timeoutMs` is inherited from `defaults`, this is not',
  'soapPolling: httpHeaders': 'the original key; SOAP has headers of its own in the envelope',
  'soap_call: httpHeaders': 'the original key; SOAP has headers of its own in the envelope',
  'soapRequest: httpHeaders': 'the original key; SOAP has headers of its own in the envelope',
};

const wordFor = new Map(
  Object.entries(synonyms).flatMap(([word, others]) => others.map((other) => [other, word])),
);

/** Keys of the schema that break the rules on names. */
export function nameProblems(subject: Subject): string[] {
  const type = String(subject.manifest.cannectors?.type);
  const problems: string[] = [];
  for (const field of fieldsOf(schemaOf(subject))) {
    const problem = field.name === '' ? undefined : problemOf(field);
    if (problem !== undefined && !isExcepted(type, field)) {
      problems.push(`${field.pointer}: ${problem}`);
    }
  }
  return problems;
}

function problemOf({ name, parent, schema }: Field): string | undefined {
  const word = wordFor.get(name);
  if (word !== undefined) return `our word for \`${name}\` is \`${word}\`.`;
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) return `\`${name}\` is not camelCase.`;
  if (/(Config|Options)$/.test(name)) return `\`${name}\` says no more without its ending.`;
  if (parent !== '' && new RegExp(`^${parent}([A-Z]|$)`).test(name)) {
    return `\`${name}\` repeats its parent \`${parent}\`.`;
  }
  const isNumber = schema['type'] === 'integer' || schema['type'] === 'number';
  if (isNumber && /(timeout|delay|interval|ttl|duration|lifetime|age|deadline)$/i.test(name)) {
    return `\`${name}\` is a time without a unit, as in \`${name}Ms\`.`;
  }
  return undefined;
}

function isExcepted(type: string, { name, parent }: Field): boolean {
  const key = parent === '' ? name : `${parent}.${name}`;
  return `${type}: ${key}` in exceptions || `*: ${key}` in exceptions;
}
