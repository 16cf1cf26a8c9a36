import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { discover } from '@cannectors/host';
import type { Subject } from '../subject.ts';

/** What keeps the program from finding and importing the plugin in a project that depends on it. */
export async function loaderProblems(subject: Subject): Promise<string[]> {
  const { name = '', cannectors } = subject.manifest;
  const project = mkdtempSync(path.join(tmpdir(), 'cannectors-project-'));
  try {
    const manifest = { name: 'project', private: true, dependencies: { [name]: '*' } };
    writeFileSync(path.join(project, 'package.json'), JSON.stringify(manifest));
    const link = path.join(project, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(subject.folder, link, 'junction');

    const installed = await discover({ folder: project });
    const problems = installed.problems.map(({ message }) => message);
    const types = [cannectors?.type, ...((cannectors?.aliases ?? []) as unknown[])].map(String);
    for (const type of types) {
      const found = installed.find(subject.plugin.kind, type);
      if (found === undefined) {
        problems.push(`The loader finds no ${subject.plugin.kind} \`${type}\`.`);
        continue;
      }
      await installed.load(found).catch((error: Error) => problems.push(error.message));
    }
    return problems;
  } finally {
    rmSync(project, { recursive: true });
  }
}
