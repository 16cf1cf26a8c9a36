import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDeadLetters } from '../src/dead-letters/read-dead-letters.ts';
import { loadFile } from '../src/load-file.ts';
import { child } from './child.ts';
import { type TestProject, testProject } from './test-plugins.ts';

const orders = (at: TestProject): string => `
name: orders
deadLetter: true
input: { type: numbers, count: 3, statePersistence: { id: { enabled: true, field: id }, storagePath: ${at.file('state')} } }
output: { type: lines, path: ${at.file('out')}, reject: [2], onError: dlq }
`;

const sent = (at: TestProject): string[] =>
  existsSync(at.file('out')) ? (readFileSync(at.file('out'), 'utf8').match(/\d+/g) ?? []) : [];

describe('a pipeline that is killed', () => {
  // The whole matrix is in crash.int.test.ts; these go the way of a pipeline file.
  it.each([
    ['after-dead-letter', ['1', '3', '1', '3']],
    ['after-state-rename', ['1', '3', '4', '5', '6']],
  ])('%s loses nothing, and stores each dead letter once (G1, G5)', async (failpoint, expected) => {
    const at = await testProject();
    const file = at.file('orders.yaml');
    writeFileSync(file, orders(at));
    const killed = child('run-pipeline.ts', [at.root, file, failpoint]);
    await expect(killed.ended()).resolves.toBe('SIGKILL');

    await expect(child('run-pipeline.ts', [at.root, file]).ended()).resolves.toBe(0);

    const { pipeline } = await loadFile(file, at.installed, { env: {} });
    const entries = await readDeadLetters(pipeline!);
    const isSecondRun = expected.length === 5;
    expect(sent(at)).toEqual(expected);
    expect(entries.map(({ record }) => record)).toEqual([{ id: 2 }]);
    expect(JSON.parse(readFileSync(at.file('state/orders.json'), 'utf8'))).toEqual({
      id: isSecondRun ? 6 : 3,
    });
  });

  it('leaves its lock to the next one, while two that live exclude each other', async () => {
    const at = await testProject();
    const file = at.file('orders.yaml');
    writeFileSync(file, orders(at).replace('count: 3', `count: 3, waitFor: ${at.file('go')}`));
    const first = child('run-pipeline.ts', [at.root, file]);
    await first.says('started');

    const second = child('run-pipeline.ts', [at.root, file]);
    await expect(second.ended()).resolves.toBe(1);
    expect(second.output()).toContain(`process ${first.pid}`);
    expect(sent(at)).toEqual([]);
    first.process.kill('SIGKILL');
    await first.ended();
    writeFileSync(at.file('go'), '');

    await expect(child('run-pipeline.ts', [at.root, file]).ended()).resolves.toBe(0);
    expect(sent(at)).toEqual(['1', '3']);
  });
});
