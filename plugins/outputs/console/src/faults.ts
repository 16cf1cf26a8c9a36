import { Fault } from '@cannectors/core';

/** Nobody reads what is printed any more, as after `| head`. */
export function closedPipe(cause: Error): Fault {
  return new Fault('run.cancelled', 'The run is cancelled: nobody reads its records any more.', {
    retry: false,
    cause,
  });
}

/** What is printed cannot be written: the disk is full, the terminal is gone. */
export function unprintable(cause: Error): Fault {
  return new Fault('console.unprintable', `The records cannot be printed: ${cause.message}.`, {
    retry: false,
    cause,
  });
}
