import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ExampleApi, exampleApi, type ExampleApiOptions } from './api/example-api.ts';
import { exampleCredentials } from './api/guards.ts';
import { type PipelineRun, runPipeline } from './run-pipeline.ts';

/** What there is to look at when an example pipeline has run. */
export interface ExampleRun extends PipelineRun {
  readonly api: ExampleApi;
  /** An empty folder of the run's own: `${FOLDER}`, where its files and its state go. */
  readonly folder: string;
  /** Runs it once more, with what it left behind. */
  readonly again: () => Promise<PipelineRun>;
}

export interface PipelinesOptions {
  /** Prepares the server of every example. */
  readonly api?: ExampleApiOptions;
  /** Files that a test of their own runs, because they need more than is lent here. */
  readonly elsewhere?: readonly string[];
  /** Puts what an example finds into its folder, by file name. */
  readonly before?: Readonly<Record<string, (folder: string) => Promise<void> | void>>;
  /** What is sent to an example that waits for deliveries, by file name. */
  readonly meanwhile?: Readonly<Record<string, (address: string) => Promise<void>>>;
  /** What has to be true after an example has run, by file name. Without it: that it succeeded. */
  readonly then?: Readonly<Record<string, (run: ExampleRun) => Promise<void> | void>>;
}

/**
 * Registers a test for each pipeline of a folder: it is checked, and run once against a server of its
 * own (`exampleApi`). It sees these variables: `API_URL`, `FOLDER`, and `API_TOKEN`, `API_USERNAME`,
 * `API_PASSWORD`, `API_KEY`, `CLIENT_ID`, `CLIENT_SECRET`, which the guarded paths let through;
 * `LISTEN_ADDRESS`, which has a free port, and `WEBHOOK_SECRET`.
 */
export function testPipelines(folder: string, options: PipelinesOptions = {}): void {
  const files = globSync('*.yaml', { cwd: folder }).toSorted();
  const { before = {}, then = {}, meanwhile = {}, elsewhere = [] } = options;
  const here = files.filter((file) => !elsewhere.includes(file));

  describe(`the pipelines of ${path.basename(folder)}`, () => {
    it('are there, and so are those that are spoken of', () => {
      expect(files).not.toEqual([]);
      const spokenOf = [
        ...elsewhere,
        ...[before, meanwhile, then].flatMap((part) => Object.keys(part)),
      ];
      expect(spokenOf.filter((file) => !files.includes(file))).toEqual([]);
    });

    it.each(here)('%s runs', async (file) => {
      const api = await exampleApi(options.api);
      onTestFinished(() => api.close());
      const own = mkdtempSync(path.join(tmpdir(), 'cannectors-example-'));
      onTestFinished(() => rmSync(own, { recursive: true }));
      await before[file]?.(own);
      const send = meanwhile[file];
      const again = (): Promise<PipelineRun> =>
        runPipeline(path.join(folder, file), {
          env: { ...credentials, API_URL: api.url, FOLDER: own },
          storage: path.join(own, 'state'),
          ...(send && { meanwhile: (log) => send(addressIn(log)) }),
        });

      const run = await again();

      expect(run.result.error).toBeUndefined();
      expect(run.result.status).toBe('success');
      await then[file]?.({ ...run, api, folder: own, again });
    });
  });
}

/** Where a pipeline listens, as its log says. */
function addressIn(log: PipelineRun['log']): string {
  const address = log.find(({ fields }) => typeof fields['address'] === 'string')?.fields[
    'address'
  ];
  return `http://${address as string}`;
}

const credentials = {
  LISTEN_ADDRESS: '127.0.0.1:0',
  WEBHOOK_SECRET: 'a secret of the examples',
  API_TOKEN: exampleCredentials.token,
  API_USERNAME: exampleCredentials.username,
  API_PASSWORD: exampleCredentials.password,
  API_KEY: exampleCredentials.key,
  CLIENT_ID: exampleCredentials.clientId,
  CLIENT_SECRET: exampleCredentials.clientSecret,
};
