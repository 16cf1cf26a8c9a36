import { defineOutput } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { file } from './file.ts';

export default defineOutput({ config, create: file });
