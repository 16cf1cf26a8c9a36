import { defineInput } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { file } from './file.ts';

export default defineInput({ config, create: file });
