import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { loop } from './loop.ts';

export default defineFilter({ config, create: loop, logged: 'keep', failure: 'loop error' });
