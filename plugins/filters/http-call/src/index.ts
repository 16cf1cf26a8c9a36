import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { httpCall } from './http-call.ts';

export default defineFilter({ config, create: httpCall });
