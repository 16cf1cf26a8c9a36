import path from 'node:path';
import { bigFile } from '../big-file.ts';

/** One list of 500 MB, read as a stream, changed, filtered and written as lines. */
export const job = {
  title: 'JSON list file → mapping, condition → NDJSON file (500 MB)',
  byHand: { 'stream-json': { script: 'by-hand.ts', goal: 2.5 } },
  async prepare(folder: string) {
    const file = path.join(folder, 'in.json');
    await bigFile(file, 500_000_000, 'json');
    return { env: { IN: file } };
  },
};
