import { defineInput } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { database } from './database.ts';

export default defineInput({ config, create: database });
