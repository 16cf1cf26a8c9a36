/**
 * `pnpm quickstart`: a real pipeline over a local API, run twice. The second run shows the cursor at
 * work: it fetches only the movies that were published in between.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { styleText } from 'node:util';
import { movieApi } from './movie-api.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const pipeline = path.join(root, 'packages/dev/quickstart/movies.yaml');
const folder = path.join(root, '.cannectors-state/quickstart');
const result = path.join(folder, 'movies.ndjson');

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const api = await movieApi();
try {
  say(
    `1. An API with 3,000 movies listens at ${api.url}. It wants a token, and is busy now and then.`,
  );
  api.publish(3000);
  process.exitCode = await runPipeline();
  say('2. 201 movies more are published. The same command fetches only those:');
  api.publish(3201);
  process.exitCode ||= await runPipeline();
  await show();
} finally {
  await api.close();
}

function say(text: string): void {
  console.log(`\n${styleText('bold', text)}\n`);
}

/** Runs the command as a user would, in the result's folder. */
async function runPipeline(): Promise<number> {
  console.log(styleText('dim', `$ cannectors run ${path.relative(root, pipeline)}`));
  const child = spawn(path.join(root, 'node_modules/.bin/cannectors'), ['run', pipeline], {
    cwd: folder,
    // Off a terminal stdout is the log, as JSON lines; what is said to people goes to stderr.
    stdio: ['inherit', process.stdout.isTTY ? 'inherit' : 'ignore', 'inherit'],
    env: {
      ...process.env,
      MOVIES_API: api.url,
      MOVIES_TOKEN: api.token,
      NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/compile'),
    },
  });
  return await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 3)));
}

async function show(): Promise<void> {
  const lines = (await readFile(result, 'utf8')).trimEnd().split('\n');
  const answers = [...api.answers].map(([status, count]) => `${count} × ${status}`).join(', ');
  say('What came out');
  console.log(`  ${lines.length} movies in ${path.relative(root, result)}, for example`);
  for (const line of lines.slice(0, 3)) console.log(`    ${line}`);
  console.log(`  ${api.hits.length} of them made 500 million or more, and were posted to the API:`);
  for (const { title, gross } of api.hits.slice(0, 5)) {
    console.log(`    ${String(gross).padStart(12)}  ${String(title)}`);
  }
  console.log(`  The API answered ${answers}; nothing was lost.`);
  console.log(`\nThe pipeline: ${path.relative(root, pipeline)}    The guide: docs/README.md`);
}
