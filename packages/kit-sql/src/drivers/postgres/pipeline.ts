import type { WireValue } from './wire.ts';
import { type Client, exchange, together, type Wire, whenReady } from './wire.ts';

/** A prepared statement with the values of its placeholders. */
export interface Step {
  readonly name: string;
  readonly values: readonly WireValue[];
}

/**
 * What the server does with the steps behind one that fails.
 *
 * `skip`: leaves them out. `run`: runs them. `savepoint`: leaves them out too, but the step stands
 * between `open` and `done`, which are the names of prepared commands.
 */
export type Behind =
  | { readonly kind: 'skip' | 'run' }
  | { readonly kind: 'savepoint'; readonly open: string; readonly done: string };

/**
 * Sends steps without waiting for answers, and gives for each the number of rows that it changed, or
 * its error. Where a failed one ends the rest, its error is the last answer.
 *
 * @param progress called with each answer
 * @see PostgreSQL, section 55.2.4
 */
export function pipeline(
  client: Client,
  steps: readonly Step[],
  behind: Behind,
  progress: () => void,
): Promise<(number | Error)[]> {
  return new Promise((resolve) => {
    const { connection } = client;
    const answers: (number | Error)[] = [];
    const goesOn = behind.kind === 'run';
    let commands = 0;
    let isSent = false;

    const flow = exchange({
      submit() {
        // It is submitted again for each answer that the server ends on its own.
        if (isSent) return;
        isSent = true;
        together(connection, () => send(connection, steps, behind));
      },
      handleCommandComplete: ({ text }) => done(changedRows(text)),
      handleEmptyQuery: () => done(0),
      handleError(error) {
        answer(error);
        if (!goesOn || isLost(error)) return whenReady(connection, () => resolve(answers));
        goOn();
      },
      handleReadyForQuery: () => (goesOn ? goOn() : resolve(answers)),
    });
    client.query(flow);

    /** Of a step between savepoints the second command is its own. */
    function done(changed: number): void {
      if (behind.kind !== 'savepoint' || commands++ % 3 === 1) answer(changed);
    }

    function answer(value: number | Error): void {
      answers.push(value);
      progress();
    }

    function goOn(): void {
      if (answers.length < steps.length) client.query(flow);
      else if (answers.at(-1) instanceof Error) whenReady(connection, () => resolve(answers));
      else resolve(answers);
    }
  });
}

function send(connection: Wire, steps: readonly Step[], behind: Behind): void {
  for (const { name, values } of steps) {
    if (behind.kind === 'savepoint') execute(connection, behind.open, []);
    execute(connection, name, values);
    if (behind.kind === 'savepoint') execute(connection, behind.done, []);
    if (behind.kind === 'run') connection.sync();
  }
  if (behind.kind !== 'run') connection.sync();
}

function execute(connection: Wire, statement: string, values: readonly WireValue[]): void {
  connection.bind({ portal: '', statement, values });
  connection.execute({ portal: '', rows: 0 });
}

/** The server ends the connection, so nothing else is answered. */
function isLost(error: Error): boolean {
  if (!('severity' in error)) return true;
  return error.severity === 'FATAL' || error.severity === 'PANIC';
}

/** `INSERT 0 3`, `UPDATE 3`: rows that are only read do not count. */
function changedRows(tag: string): number {
  return Number(/^(?:INSERT \d+|UPDATE|DELETE|MERGE|COPY) (\d+)$/.exec(tag)?.[1] ?? 0);
}
