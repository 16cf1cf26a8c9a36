import { defineOutput } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { console } from './console.ts';

export default defineOutput({ config, create: console });
