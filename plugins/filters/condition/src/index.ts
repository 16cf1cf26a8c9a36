import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { condition } from './condition.ts';

export default defineFilter({
  config,
  create: condition,
  logged: 'drop',
  failure: 'condition evaluation error',
});
