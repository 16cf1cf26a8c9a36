import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { script } from './script.ts';

export default defineFilter({ config, create: script, logged: 'keep' });
