import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runPipeline, testPipelines } from '../src/index.ts';

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const plugins = {
  'cannectors-input-pages': 'pages-input',
  'cannectors-filter-upper': 'upper-filter',
  'cannectors-output-collect': 'collect-output',
};

/** A project that depends on the plugins of the fixtures. */
const project = mkdtempSync(path.join(tmpdir(), 'cannectors-pipelines-'));
afterAll(() => rmSync(project, { recursive: true }));
const dependencies = Object.fromEntries(Object.keys(plugins).map((name) => [name, '*']));
writeFileSync(path.join(project, 'package.json'), JSON.stringify({ dependencies }));
for (const [name, folder] of Object.entries(plugins)) {
  mkdirSync(path.join(project, 'node_modules'), { recursive: true });
  symlinkSync(path.join(fixtures, folder), path.join(project, 'node_modules', name));
}
const examples = path.join(project, 'examples');
mkdirSync(examples);
const file = (name: string): string => path.join(examples, name);
writeFileSync(
  file('01-shout.yaml'),
  `name: shout
input: { type: pages, endpoint: "\${API_URL}/offset/customers", limit: 30 }
filters:
  - { type: upper, target: name }
output: { type: collect, endpoint: "\${API_URL}/collect" }
`,
);

testPipelines(examples, {
  then: {
    async '01-shout.yaml'({ api, result, folder, again }) {
      expect(result).toMatchObject({ records_read: 40, records_written: 40 });
      expect(api.collected[0]).toMatchObject({ id: 1, name: 'GRACE' });
      expect(existsSync(folder)).toBe(true);
      api.data['customers']?.push({ id: 41, name: 'Barbara' });
      await again();
      expect(api.collected.slice(40)).toEqual([{ id: 41, name: 'BARBARA' }]);
    },
  },
});

describe('a run of a pipeline', () => {
  it('says why a file cannot run', async () => {
    writeFileSync(path.join(project, 'broken.yaml'), 'name: broken\ninput: { type: pages }\n');

    await expect(runPipeline(path.join(project, 'broken.yaml'))).rejects.toThrow(
      /cannot run[\s\S]*endpoint/,
    );
  });

  it('sees the variables that it is given, and no other', async () => {
    await expect(runPipeline(file('01-shout.yaml'))).rejects.toThrow('API_URL');
  });

  it('gives the result of a run that failed', async () => {
    const { result, log } = await runPipeline(file('01-shout.yaml'), {
      env: { API_URL: 'http://127.0.0.1:1' },
      storage: path.join(project, 'state'),
    });

    expect(result.status).toBe('error');
    expect(log.at(-1)).toMatchObject({ msg: 'execution completed' });
  });
});
