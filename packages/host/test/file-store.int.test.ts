import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileStore } from '../src/state/file-store.ts';
import { child } from './child.ts';
import { logLines } from './log-lines.ts';
import { persistent } from './pipelines.ts';
import { tempTree } from './temp-tree.ts';

const old = { id: 1, timestamp: '2026-01-01T00:00:00Z' };
const fresh = { id: 2, timestamp: '2026-01-02T00:00:00Z' };

function store(folder: string) {
  const opened = fileStore().of(persistent(folder), { log: logLines().log, dryRun: false });
  onTestFinished(() => opened.close());
  return opened;
}

describe('a process that is killed while it saves', () => {
  it.each([
    ['before-state-fsync', old],
    ['after-state-fsync', old],
    ['before-state-rename', old],
    ['after-state-rename', fresh],
  ])('at %s leaves a whole file (G4)', async (failpoint, expected) => {
    const folder = tempTree({ 'orders.json': old });
    const killed = child('save-state.ts', [folder, failpoint]);
    await expect(killed.ended()).resolves.toBe('SIGKILL');
    expect(killed.output()).toBe('');

    const next = store(folder);
    await next.lock();

    await expect(next.load()).resolves.toEqual(expected);
    await next.save({ id: 3 });
    await expect(next.load()).resolves.toEqual({ id: 3 });
    await next.close();
    expect(readdirSync(folder)).toEqual(['orders.json']);
  });

  it('at the first save leaves a first run', async () => {
    const folder = path.join(tempTree(), 'state');
    await child('save-state.ts', [folder, 'before-state-rename']).ended();

    await expect(store(folder).load()).resolves.toBeUndefined();
    expect(existsSync(path.join(folder, 'orders.json'))).toBe(false);
  });
});

describe('two processes', () => {
  it('do not save for one pipeline at a time', async () => {
    const folder = tempTree();
    await store(folder).lock();

    const second = child('save-state.ts', [folder]);

    await expect(second.ended()).resolves.toBe(1);
    expect(second.output()).toContain('state.locked');
    expect(readdirSync(folder)).toEqual(['orders.lock']);
  });
});
