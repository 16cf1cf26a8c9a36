import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { testProject } from './test-plugins.ts';

/** What a program has imported at its end, of what is not always needed. */
async function imported(task: string, text: string): Promise<string[]> {
  const { root, file } = await testProject({ 'orders.yaml': text });
  const program = `
    import { registerHooks } from 'node:module';
    const urls = [];
    registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
    const { discover, loadFile, createHost } = await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)});
    const installed = await discover({ folder: ${JSON.stringify(root)} });
    const load = (env) => loadFile(${JSON.stringify(file('orders.yaml'))}, installed, env);
    ${task}
    const heavy = { executor: '/run/start', condition: '/kit-expression/', cron: '/croner/', plugin: 'test-' };
    console.log(JSON.stringify(Object.keys(heavy).filter((key) => urls.some((url) => url.includes(heavy[key])))));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    program,
  ]);
  return JSON.parse(stdout) as string[];
}

const plain = `
name: orders
input: { type: numbers }
output: { type: lines }
`;
const more = plain
  .replace('numbers', 'numbers, schedule: "@daily"')
  .replace('output: { type: lines }', 'routing: all\noutputs: [{ type: lines, when: id > 1 }]');

it.each([
  ['lists plugins', 'installed.list();', plain, []],
  ['validates', 'await load({});', plain, ['plugin']],
  ['validates more', 'await load({});', more, ['condition', 'cron', 'plugin']],
  [
    'runs',
    'const one = createHost({ installed, sink() {} }).add(await load({ env: {} })); await one.start(); await one.ended;',
    plain,
    ['executor', 'plugin'],
  ],
])('a program that %s imports what it needs', async (_title, task, text, expected) => {
  expect(await imported(task, text)).toEqual(expected);
});
