import type { Bound, OnFailure, Session, ValueOptions } from '../../database.ts';
import { sqlFault } from '../../faults.ts';
import type { Bounded } from './bounded.ts';
import { executing } from './failed.ts';
import { wireValues } from './parameters.ts';
import { type Behind, pipeline, type Step } from './pipeline.ts';
import { preparedOn } from './prepared.ts';
import type { Client } from './wire.ts';

/** Statements that are sent before the answer to the first of them is awaited. */
const windowSize = 500;

/** Characters of values in them: what is sent stays in memory until the server takes it. */
const windowLength = 1_000_000;

const savepoint = {
  open: 'SAVEPOINT cannectors',
  done: 'RELEASE SAVEPOINT cannectors',
  undo: 'ROLLBACK TO SAVEPOINT cannectors; RELEASE SAVEPOINT cannectors',
};

/**
 * Makes the `run` of a session. Statements go out in windows: a window ends before a text that is not
 * prepared yet, and after a statement that fails.
 */
export function runner(
  client: Client,
  within: Bounded,
  binary: ValueOptions['binary'],
): Session['run'] {
  const statements = preparedOn(client);

  return async (all, onFailure, signal) => {
    const answers: (number | Error)[] = [];
    while (answers.length < all.length) {
      answers.push(...(await window(all.slice(answers.length, answers.length + windowSize))));
      const last = answers.at(-1);
      if (!(last instanceof Error)) continue;
      if (onFailure === 'stop') break;
      // Nothing behind it can run any more.
      if (within.isLost()) while (answers.length < all.length) answers.push(last);
    }
    return answers;

    function window(next: readonly Bound[]): Promise<(number | Error)[]> {
      return within(executing(next[0]?.text ?? ''), signal, async (progress) => {
        const answered = await send(next, onFailure, progress);
        return answered.map((answer, index) =>
          answer instanceof Error ? sqlFault(answer, executing(next[index]?.text ?? '')) : answer,
        );
      });
    }
  };

  async function send(
    next: readonly Bound[],
    onFailure: OnFailure,
    progress: () => void,
  ): Promise<(number | Error)[]> {
    const isInside = client.getTransactionStatus() !== 'I';
    const behind = await behindOf(onFailure, isInside);
    const isAwaited = behind.kind === 'skip' && !isInside;
    const unreadable = await prepared(next, behind);
    if (unreadable !== undefined) return [unreadable];

    const steps = stepsOf(isAwaited ? next.slice(0, 1) : next);
    if (steps instanceof Error) return [steps];
    const answers = await pipeline(client, steps, behind, progress);
    const last = answers.at(-1);
    if (last instanceof Error) {
      statements.isOutdated(last);
      if (behind.kind === 'savepoint' && !within.isLost()) await client.query(savepoint.undo);
    }
    return answers;
  }

  async function behindOf(onFailure: OnFailure, isInside: boolean): Promise<Behind> {
    if (onFailure === 'stop') return { kind: 'skip' };
    if (onFailure === 'continue' || !isInside) return { kind: 'run' };
    const [open, done] = [
      await statements.prepare(savepoint.open),
      await statements.prepare(savepoint.done),
    ];
    return { kind: 'savepoint', open: open.name, done: done.name };
  }

  /** Prepares the first statement. One that cannot be read may not abort a transaction that has savepoints. */
  async function prepared([first]: readonly Bound[], { kind }: Behind): Promise<Error | undefined> {
    const text = first?.text ?? '';
    if (statements.get(text) !== undefined) return undefined;
    if (kind === 'savepoint') await client.query(savepoint.open);
    try {
      await statements.prepare(text);
      if (kind === 'savepoint') await client.query(savepoint.done);
      return undefined;
    } catch (error) {
      if (kind === 'savepoint' && !within.isLost()) await client.query(savepoint.undo);
      return error as Error;
    }
  }

  /** Takes as many statements as go into a window; the fault of the first, if it cannot be sent. */
  function stepsOf(next: readonly Bound[]): Step[] | Error {
    const steps: Step[] = [];
    let length = 0;
    for (const { text, values } of next) {
      const found = statements.get(text);
      if (found === undefined || length > windowLength) break;
      try {
        const encoded = wireValues(values, found.parameters, binary);
        for (const value of encoded) length += value?.length ?? 0;
        steps.push({ name: found.name, values: encoded });
      } catch (error) {
        if (steps.length === 0) return error as Error;
        break;
      }
    }
    return steps;
  }
}
