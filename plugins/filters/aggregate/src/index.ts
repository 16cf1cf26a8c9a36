import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { aggregate } from './aggregate.ts';

export default defineFilter({ config, create: aggregate });
