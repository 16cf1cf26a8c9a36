import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { installPacked } from '../src/bench/packed.ts';

/** Five million records from a stream, through filters, to an output that is slower than they are read. */
const records = Number(process.env['BENCH_RECORDS'] ?? 5_000_000);

it('needs no more memory for more records', { timeout: 900_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cannectors-memory-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const packed = installPacked();
  onTestFinished(() => packed.remove());
  await writeRecords(path.join(folder, 'in.ndjson'));
  const received = { count: 0 };
  const url = await slowServer(received);
  const pipeline = path.join(folder, 'pipeline.yaml');
  writeFileSync(
    pipeline,
    `name: many
input: { type: file, path: in.ndjson }
filters:
  - { type: mapping, mappings: [{ source: name, target: name, transforms: [{ op: trim }] }] }
  - { type: condition, expression: id < 0, then: [{ type: drop }] }
  - { type: set, target: seen, value: true }
output: { type: httpRequest, endpoint: "${url}" }
batch: { maxEvents: 5000 }
`,
  );

  const child = spawn(process.execPath, [packed.command, 'run', '--quiet', pipeline], {
    cwd: folder,
    stdio: 'ignore',
  });
  const samples = await residentMemory(child.pid ?? 0, () => child.exitCode !== null);

  const [first, second] = [samples.slice(0, samples.length / 2), samples.slice(samples.length / 2)];
  const [before, after] = [Math.max(...first), Math.max(...second)];
  console.log(
    `${records} records: peak ${Math.max(before, after).toFixed(0)} MiB, second half ${after.toFixed(0)} MiB (${(after / before).toFixed(2)} of the first)`,
  );
  expect(child.exitCode).toBe(0);
  expect(received.count).toBeGreaterThanOrEqual(records / 5000);
  expect(after / before).toBeLessThan(1.1);
  expect(Math.max(before, after)).toBeLessThan(250);
});

async function writeRecords(file: string): Promise<void> {
  const out = createWriteStream(file);
  for (let id = 0; id < records; id += 10_000) {
    const lines = Array.from(
      { length: Math.min(10_000, records - id) },
      (_, index) => `{"id":${id + index},"name":" Ada ","total":${index}}\n`,
    );
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

/** Takes every batch, and thirty milliseconds for it. */
async function slowServer(received: { count: number }): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      received.count++;
      setTimeout(() => response.end('{}'), 30);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/sink`;
}

/** Resident memory of a process in MiB, five times a second, until it has ended. Linux only. */
async function residentMemory(pid: number, isOver: () => boolean): Promise<number[]> {
  const samples: number[] = [];
  while (!isOver()) {
    const [, size] = /VmRSS:\s+(\d+) kB/.exec(statusOf(pid)) ?? [];
    if (size !== undefined) samples.push(Number(size) / 1024);
    await wait(200);
  }
  return samples;
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
