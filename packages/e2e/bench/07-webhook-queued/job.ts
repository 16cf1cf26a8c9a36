import { countingProject } from '../counting-project.ts';
import { load } from '../load.ts';

const requests = 60_000;
const port = 18_071;

/** Deliveries of 1 KB over 64 connections, into a durable queue. */
export const job = {
  title: 'webhook of 1 KB at 64 connections, into a durable queue (60,000 deliveries)',
  byHand: {
    'bare node:http': { script: '../07-webhook/by-hand.ts', goal: 0.5 },
  },
  prepare(folder: string) {
    countingProject(folder);
    let sent = Promise.resolve();
    return Promise.resolve({
      env: { PORT: String(port), COUNT: String(requests) },
      reset() {
        sent = load(port, '/in', requests);
        return Promise.resolve();
      },
      async written() {
        await sent;
        return 'all were answered';
      },
    });
  },
};
