/**
 * `pnpm quickstart`: a real pipeline over a local API, run twice. The second run shows the cursor at
 * work: it fetches only the movies that were published in between. They end in SQLite, which is asked
 * a question.
 */
import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { styleText } from 'node:util';
import { movieApi } from './movie-api.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const pipeline = path.join(root, 'packages/dev/quickstart/movies.yaml');
const folder = path.join(root, '.cannectors-state/quickstart');
const result = path.join(folder, 'movies.db');
const question = `SELECT genre, count(*) AS movies, round(avg(rating), 1) AS rating,
         round(sum(gross) / 1e9, 1) AS "billion $"
  FROM movies GROUP BY genre ORDER BY sum(gross) DESC LIMIT 5`;

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
  show();
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

function show(): void {
  using database = new DatabaseSync(result, { readOnly: true });
  const [all] = database.prepare('SELECT count(*) AS movies FROM movies').all();
  const answers = [...api.answers].map(([status, count]) => `${count} × ${status}`).join(', ');
  say('What came out');
  console.log(
    `  ${String(all?.['movies'])} movies in ${path.relative(root, result)}. Ask it anything:\n`,
  );
  console.log(styleText('dim', `  ${question}\n`));
  for (const line of tableOf(database.prepare(question).all())) console.log(`  ${line}`);
  console.log(
    `\n  ${api.hits.length} movies made 500 million or more, and were posted to the API too.`,
  );
  console.log(`  It answered ${answers}; nothing was lost.`);
  console.log(`\nThe pipeline: ${path.relative(root, pipeline)}    The guide: docs/README.md`);
}

/** Texts to the left, numbers to the right. */
function tableOf(rows: readonly Record<string, unknown>[]): string[] {
  const names = Object.keys(rows[0] ?? {});
  const widths = names.map((name) =>
    Math.max(name.length, ...rows.map((row) => String(row[name]).length)),
  );
  const line = (cells: readonly unknown[]): string =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return index === 0 ? String(cell).padEnd(width) : String(cell).padStart(width);
      })
      .join('   ');
  return [
    styleText('bold', line(names)),
    ...rows.map((row) => line(names.map((name) => row[name]))),
  ];
}
