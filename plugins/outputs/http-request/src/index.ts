import { defineOutput } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { httpRequest } from './http-request.ts';

export default defineOutput({ config, create: httpRequest });
