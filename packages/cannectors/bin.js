#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';

// An older Node would not get far enough to say so itself.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(`cannectors needs Node 24 or newer; this is ${process.version}.\n`);
  process.exit(3);
}
module.enableCompileCache();
const { main } = await import('@cannectors/cli');
await main(import.meta.url);
