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

const kinds = ['input', 'filter', 'output'] as const;

/** A workspace with our packages and settings, and a new plugin of each kind, installed. */
async function workspaceWithNew(type: string): Promise<{ base: string; folders: string[] }> {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'cannectors-new-')));
  onTestFinished(() => rmSync(base, { recursive: true }));
  for (const file of settings) cpSync(path.join(root, file), path.join(base, file));
  symlinkSync(path.join(root, 'node_modules'), path.join(base, 'node_modules'));
  symlinkSync(path.join(root, 'packages'), path.join(base, 'packages'));

  const folders = kinds.map((kind) => {
    const { folder, files } = newPlugin(kind, type);
    for (const [file, text] of files) put(path.join(base, folder, file), text);
    install(base, folder);
    return folder;
  });
  const { files, problems } = await generate(base);
  expect(problems).toEqual([]);
  for (const [file, text] of files) {
    if (file.startsWith('plugins/')) put(path.join(base, file), text);
  }
  return { base, folders };
}

const settings = [
  'package.json',
  'tsconfig.base.json',
  'vitest.config.ts',
  '.oxlintrc.json',
  '.oxfmtrc.json',
];

/** As pnpm would: a link to every package that the manifest names. */
function install(base: string, folder: string): void {
  const manifest = JSON.parse(
    readFileSync(path.join(base, folder, 'package.json'), 'utf8'),
  ) as Manifest;
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const own = path.join(root, 'packages', name.replace('@cannectors/', ''));
    const target = name.startsWith('@cannectors/')
      ? own
      : path.join(root, 'packages/kit-record/node_modules', name);
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

describe('a new plugin of each kind', () => {
  it('has nine files and passes every check', async () => {
    const { base, folders } = await workspaceWithNew('shinyThing');
    const written = folders.flatMap((folder) =>
      ['src', 'test', 'examples'].map((name) => `${folder}/${name}`),
    );
    const isMine = (sentence: string): boolean => sentence.startsWith('plugins/');

    for (const kind of kinds) expect(newPlugin(kind, 'shinyThing').files.size).toBe(9);
    expect(problemsIn(base).filter(isMine)).toEqual([]);
    expect(staleFiles(await generate(base), base).filter(isMine)).toEqual([]);
    await tool(base, 'oxfmt', ...written);
    await tool(base, 'oxlint', ...written);
    put(path.join(base, 'tsconfig.json'), JSON.stringify(typesOf(folders)));
    await tool(base, 'tsc', '-p', 'tsconfig.json');
    const counts = await tool(base, 'vitest', 'run', '--project', 'unit', 'plugins');
    expect(counts).toMatch(/\n\d+ passed, 0 failed, 0 skipped/);
  }, 120_000);
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

function typesOf(folders: readonly string[]): object {
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
    include: folders.flatMap((folder) => [
      `${folder}/src`,
      `${folder}/test`,
      `${folder}/schema.json`,
    ]),
  };
}
