import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../', import.meta.url);
const code = /[`'](?<code>(?:parse|config|env)\.[a-z-]+)[`']/g;

function codesIn(text: string): Set<string> {
  return new Set([...text.matchAll(code)].flatMap(({ groups }) => groups?.['code'] ?? []));
}

it('every code is listed in the README, and no other', () => {
  const sources = readdirSync(new URL('src/', folder))
    .map((file) => readFileSync(new URL(`src/${file}`, folder), 'utf8'))
    .join('\n');
  const [, listed = ''] = readFileSync(new URL('README.md', folder), 'utf8').split('## Codes');

  expect([...codesIn(listed)].toSorted()).toEqual([...codesIn(sources)].toSorted());
});
