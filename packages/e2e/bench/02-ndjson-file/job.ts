import path from 'node:path';
import { bigFile } from '../big-file.ts';

/** 500 MB of lines, read, changed, filtered and written. */
export const job = {
  title: 'NDJSON file → mapping, condition → NDJSON file (500 MB)',
  byHand: { readline: { script: 'by-hand.ts', goal: 1 } },
  async prepare(folder: string) {
    const file = path.join(folder, 'in.ndjson');
    await bigFile(file, 500_000_000, 'ndjson');
    return { env: { IN: file } };
  },
};
