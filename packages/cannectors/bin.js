#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { main } = await import('@cannectors/cli');
await main(import.meta.url);
