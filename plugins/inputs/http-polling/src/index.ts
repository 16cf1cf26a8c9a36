import { defineInput } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { httpPolling } from './http-polling.ts';

export default defineInput({ config, create: httpPolling });
