import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { remove } from './remove.ts';

export default defineFilter({ config, create: remove });
