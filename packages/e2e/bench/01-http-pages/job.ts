import { recordApi } from '../record-api.ts';

/** 200,000 records over loopback: pages of 1000 in, batches of what is left of a page out. */
export const job = {
  title: 'HTTP pages → mapping, condition → HTTP batches (200,000 records)',
  byHand: {
    'undici, next page fetched ahead': { script: 'by-hand-overlapped.ts', goal: 0.9 },
    'undici, one after the other': { script: 'by-hand-sequential.ts', goal: 1.1 },
  },
  async prepare() {
    const api = await recordApi({ pages: 200, pageSize: 1000 });
    return {
      env: { API: api.url },
      written: () => Promise.resolve(api.digest()),
      reset: () => Promise.resolve(api.reset()),
      close: () => api.close(),
    };
  },
};
