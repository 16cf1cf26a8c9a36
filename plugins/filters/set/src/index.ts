import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { set } from './set.ts';

export default defineFilter({ config, create: set });
