// Loaded into every measured process: what it used is written down when it ends.
// Plain JavaScript, so that no program pays for the stripping of types.
import { writeFileSync } from 'node:fs';
import process from 'node:process';

const file = process.env['BENCH_USAGE'] ?? '';
process.on('exit', () => writeFileSync(file, JSON.stringify(process.resourceUsage())));
