import { defineFilter } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { sqlCall } from './sql-call.ts';

export default defineFilter({ config, create: sqlCall });
