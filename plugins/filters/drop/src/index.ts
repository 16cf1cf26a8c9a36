import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { drop } from './drop.ts';

export default defineFilter({ config, create: drop });
