import path from 'node:path';
import { bigFile } from '../big-file.ts';
import { recordApi } from '../record-api.ts';

/** One request for each record, 64 in flight, against a server that takes 5 ms. */
export const job = {
  title: 'one HTTP request per record, 64 in flight, 5 ms server (20,000 records)',
  byHand: {
    'undici loop': { script: 'by-hand-undici.ts', goal: 0.9 },
    'fetch loop': { script: 'by-hand-fetch.ts', goal: 2 },
  },
  async prepare(folder: string) {
    const file = path.join(folder, 'in.ndjson');
    await bigFile(file, 6_200_000, 'ndjson');
    const api = await recordApi({ delayMs: 5 });
    return {
      env: { IN: file, API: api.url },
      written: () => Promise.resolve(api.digest()),
      reset: () => Promise.resolve(api.reset()),
      close: () => api.close(),
    };
  },
};
