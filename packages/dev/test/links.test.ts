import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

it('every link of every page leads somewhere', () => {
  const pages = globSync(['*.md', '{docs,examples,packages,plugins}/**/*.md'], {
    cwd: root,
    exclude: (name) => name.includes('node_modules'),
  });

  const lost = pages.flatMap((page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => to);
    return links
      .filter(
        (to) => !/^[a-z]+:/.test(to) && !existsSync(path.resolve(root, path.dirname(page), to)),
      )
      .map((to) => `${page}: ${to}`);
  });

  expect(pages.length).toBeGreaterThan(20);
  expect(lost).toEqual([]);
});
