import { expect, it } from 'vitest';
import { configKeys } from '../src/config-table.ts';

it('lists the keys of a schema, nested ones below their parent', () => {
  const keys = configKeys({
    type: 'object',
    required: ['endpoint', 'mappings'],
    properties: {
      endpoint: { type: 'string', description: 'Where.', 'x-cannectors': 'template' },
      method: { enum: ['GET', 'POST'], default: 'GET' },
      retry: { type: 'object', properties: { maxAttempts: { type: 'integer', default: 3 } } },
      mappings: {
        type: 'array',
        items: { type: 'object', required: ['target'], properties: { target: { type: 'string' } } },
      },
      then: { type: 'array', 'x-cannectors': 'filters' },
      value: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'string' }] },
    },
  });

  expect(keys.map(({ key, type, presence }) => `${key}: ${type} ${presence}`.trim())).toEqual([
    'endpoint: template required',
    'method: "GET" | "POST" default "GET"',
    'retry: object',
    'retry.maxAttempts: integer default 3',
    'mappings: list of object required',
    'mappings[].target: string required',
    'then: list of filters',
    'value: string | number',
  ]);
});
