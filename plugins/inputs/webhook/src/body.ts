import type { IncomingMessage } from 'node:http';
import type { Budget } from './budget.ts';

export type BodyProblem = 'too large' | 'broken';

/** Whether the sender says itself that its body is too large. */
export function announcesTooMuch({ headers }: IncomingMessage, maxBytes: number): boolean {
  const length = headers['content-length'];
  return length !== undefined && Number(length) > maxBytes;
}

/**
 * Reads the body of a request. `done` is called once; what it has not got by then is left to others.
 *
 * What is read is held in the budget until `done` is called.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  budget: Budget,
  done: (body: Buffer | BodyProblem) => void,
): void {
  const parts: Buffer[] = [];
  let length = 0;

  const end = (result: Buffer | BodyProblem): void => {
    request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
    budget.release(length);
    done(result);
  };
  const onData = (part: Buffer): void => {
    length += part.length;
    budget.hold(part.length);
    if (length > maxBytes) end('too large');
    else parts.push(part);
  };
  const onEnd = (): void => {
    const [only] = parts;
    end(parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, length));
  };
  const onBroken = (): void => end('broken');
  request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
}
