import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { split } from './split.ts';

export default defineFilter({ config, create: split });
