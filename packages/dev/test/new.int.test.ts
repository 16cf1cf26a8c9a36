import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { generate, staleFiles } from '../src/check-fresh.ts';
import { problemsIn } from '../src/check-rules.ts';
import { newPlugin, wrongArguments } from '../src/new.ts';
import { type Manifest, put, root } from '../src/workspace.ts';

const execute = promisify(execFile);

/** A workspace with our packages and settings, and one plugin: the new one, installed. */
async function workspaceWith(
  kind: 'input' | 'filter' | 'output',
  type: string,
): Promise<{ base: string; folder: string }> {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'cannectors-new-')));
  onTestFinished(() => rmSync(base, { recursive: true }));
  for (const file of [
    'package.json',
    'tsconfig.base.json',
    'vitest.config.ts',
    '.oxlintrc.json',
    '.oxfmtrc.json',
  ]) {
    cpSync(path.join(root, file), path.join(base, file));
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(base, 'node_modules'));
  symlinkSync(path.join(root, 'packages'), path.join(base, 'packages'));

  const { folder, files } = newPlugin(kind, type);
  for (const [file, text] of files) put(path.join(base, folder, file), text);
  install(base, folder);
  const { files: generated, problems } = await generate(base);
  expect(problems).toEqual([]);
  for (const [file, text] of generated) {
    if (file.startsWith(folder)) put(path.join(base, file), text);
  }
  return { base, folder };
}

/** As pnpm would: a link to every package that the manifest names. */
function install(base: string, folder: string): void {
  const manifest = JSON.parse(
    readFileSync(path.join(base, folder, 'package.json'), 'utf8'),
  ) as Manifest;
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const own = path.join(root, 'packages', name.replace('@cannectors/', ''));
    const target = name.startsWith('@cannectors/')
      ? own
      : path.join(root, 'packages/dev/node_modules', name);
    const link = path.join(base, folder, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(realpathSync(target), link);
  }
}

/** Runs a tool of the repository, and gives what it prints; it fails with the output. */
async function tool(base: string, name: string, ...given: string[]): Promise<string> {
  const { stdout } = await execute(path.join(root, 'node_modules/.bin', name), given, {
    cwd: base,
    env: { ...process.env, NO_COLOR: '1' },
  }).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${name} fails:\n${error.stdout}\n${error.stderr}`);
  });
  return stdout;
}

describe.each(['input', 'filter', 'output'] as const)('a new %s', (kind) => {
  it('is a plugin of nine files that passes every check', async () => {
    const { base, folder } = await workspaceWith(kind, 'shinyThing');

    expect(newPlugin(kind, 'shinyThing').files.size).toBe(9);
    const mine = (sentence: string): boolean => sentence.startsWith('plugins/');
    expect(problemsIn(base).filter(mine)).toEqual([]);
    expect(staleFiles(await generate(base), base).filter(mine)).toEqual([]);
    const written = ['src', 'test', 'examples'].map((name) => `${folder}/${name}`);
    await tool(base, 'oxfmt', ...written);
    await tool(base, 'oxlint', ...written);
    put(path.join(base, 'tsconfig.json'), JSON.stringify(typesOnly(folder)));
    await tool(base, 'tsc', '-p', 'tsconfig.json');
    expect(await tool(base, 'vitest', 'run', '--project', 'unit', folder)).toMatch(
      /\n\d+ passed, 0 failed, 0 skipped/,
    );
  }, 60_000);
});

describe('the arguments of `pnpm new`', () => {
  it.each([
    [['output', 'slack'], undefined],
    [['output'], /Say what to make/],
    [['sink', 'slack'], /Say what to make/],
    [['output', 'Slack-Message'], /`Slack-Message` is not camelCase/],
  ])('%o', (given, sentence) => {
    const wrong = wrongArguments(given);

    expect(wrong ?? '').toMatch(sentence ?? /^$/);
  });
});

function typesOnly(folder: string): object {
  return {
    extends: './tsconfig.base.json',
    compilerOptions: {
      composite: false,
      incremental: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      rootDir: '/',
    },
    include: [`${folder}/src`, `${folder}/test`, `${folder}/schema.json`],
  };
}
