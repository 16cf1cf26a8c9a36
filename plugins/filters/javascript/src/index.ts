import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { javascript } from './javascript.ts';

export default defineFilter({ config, create: javascript });
