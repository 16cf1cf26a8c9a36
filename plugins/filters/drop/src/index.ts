import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import type { Config } from './config.ts';
import { drop } from './drop.ts';

export default defineFilter<Config>({ config, create: drop });
