import { defineInput } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { webhook } from './webhook.ts';

export default defineInput({ config, create: webhook });
