import type { Json } from '@cannectors/core';
import { wrongCount } from './faults.ts';

/** Questions that are asked together. */
export interface RoundTrip<Question> {
  /** Adds a question, and gives its answer. One that comes when the others were sent is sent by itself. */
  add(question: Question): Promise<Json>;
  send(): void;
}

interface Open<Question> {
  readonly question: Question;
  resolve(answer: Json): void;
  reject(error: unknown): void;
}

/** Collects questions until they are sent. What `ask` throws, or gives as an error, is thrown to who asked. */
export function roundTrip<Question>(
  ask: (questions: readonly Question[]) => Promise<readonly (Json | Error)[]>,
): RoundTrip<Question> {
  const open: Open<Question>[] = [];
  let isSent = false;

  return {
    add(question) {
      const { promise, resolve, reject } = Promise.withResolvers<Json>();
      const one = { question, resolve, reject };
      if (isSent) void answer([one], ask);
      else open.push(one);
      return promise;
    },

    send() {
      isSent = true;
      if (open.length > 0) void answer(open, ask);
    },
  };
}

async function answer<Question>(
  open: readonly Open<Question>[],
  ask: (questions: readonly Question[]) => Promise<readonly (Json | Error)[]>,
): Promise<void> {
  try {
    const given = await ask(open.map(({ question }) => question));
    if (given.length !== open.length) throw wrongCount(open.length, given.length);
    for (const [index, one] of open.entries()) {
      const result = given[index] ?? null;
      if (result instanceof Error) one.reject(result);
      else one.resolve(result);
    }
  } catch (error) {
    for (const one of open) one.reject(error);
  }
}
