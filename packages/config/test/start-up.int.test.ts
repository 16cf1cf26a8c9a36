import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const source = (file: string): string =>
  JSON.stringify(new URL(`../src/${file}`, import.meta.url).href);

/** The heavy packages that a program has loaded at its end. */
async function loaded(file: string, text: string, built: boolean): Promise<string[]> {
  const program = `
    import { createRequire } from 'node:module';
    import { parse, validate } from ${source('index.ts')};
    const manifest = {
      kind: 'any', type: 'any', aliases: [], package: 'any', version: '1.0.0', apiVersion: 1,
      description: '', from: 'project', schema: () => ({ type: 'object' }),
      ${built ? 'validator: () => () => true,' : ''}
    };
    const catalog = { find: () => manifest, list: () => [manifest] };
    const parsed = await parse(${JSON.stringify(text)}, ${JSON.stringify(file)});
    const { problems } = await validate(parsed, catalog);
    const files = Object.keys(createRequire(import.meta.url).cache).join('\\n');
    const names = ['yaml', 'ajv', 'semver'].filter((name) => files.includes('/node_modules/' + name + '/'));
    console.log(JSON.stringify({ problems, names }));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { cwd: fileURLToPath(new URL('..', import.meta.url)) },
  );
  const { problems, names } = JSON.parse(stdout) as { problems: unknown[]; names: string[] };
  expect(problems).toEqual([]);
  return names;
}

const json = '{"name": "a", "input": {"type": "x"}, "output": {"type": "y"}}';

it.each([
  ['a.json', json, true, []],
  ['a.yaml', json, true, ['yaml']],
  ['a.json', json, false, ['ajv']],
  ['a.json', json.replace('{', '{"requires": {"x": "*"}, '), true, ['semver']],
])('imports only what %s needs: %s', async (file, text, built, expected) => {
  expect(await loaded(file, text, built)).toEqual(expected);
});
