import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { mapping } from './mapping.ts';

export default defineFilter({ config, create: mapping });
