import { type Context, isFault } from '@cannectors/core';
import { afterAttempts, callFailed } from './faults.ts';

/** Lets the faults of a call say how often it was made, and in the words of this filter what happened. */
export function counted(context: Context): Context {
  return {
    ...context,

    async retry(task, signal) {
      let attempts = 0;
      try {
        return await context.retry((attempt) => {
          attempts = attempt;
          return task(attempt);
        }, signal);
      } catch (error) {
        if (!isFault(error) || signal.aborted || attempts === 0) throw error;
        const isOfCall = error.code === 'http.status' || error.category === 'network';
        throw isOfCall ? callFailed(error, attempts) : afterAttempts(error, attempts);
      }
    },
  };
}
