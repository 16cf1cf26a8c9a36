import { Fault } from '@cannectors/core';

/** `listenAddress` is no host with a port. */
export function badAddress(address: string): Fault {
  return new Fault(
    'webhook.bad-address',
    `\`${address}\` is no host with a port from 0 to 65535.`,
    {
      category: 'validation',
      hint: 'Write a host and a port, as in `127.0.0.1:8080`.',
      pointer: '/listenAddress',
      retry: false,
    },
  );
}

/** Two endpoints share a name or a path. */
export function endpointTwice(what: 'name' | 'path', value: string, pointer: string): Fault {
  return new Fault('webhook.endpoint-twice', `Two endpoints have the ${what} \`${value}\`.`, {
    category: 'validation',
    hint: 'Give each endpoint a name and a path of its own.',
    pointer,
    retry: false,
  });
}

/** The keys of `jwt` credentials: none, several, or one that does not fit the algorithms. */
export function badJwtKey(reason: string, pointer: string): Fault {
  return new Fault('webhook.bad-jwt-key', `The tokens cannot be checked: ${reason}.`, {
    category: 'validation',
    hint: 'Give one of `secret`, `publicKey` and `jwksUrl`, and algorithms that go with it.',
    pointer,
    retry: false,
  });
}

/** A header of the answer has a name or a value that HTTP does not allow. */
export function badResponseHeader(name: string, pointer: string): Fault {
  return new Fault('webhook.bad-header', `\`${name}\` cannot be a header of an answer.`, {
    category: 'validation',
    hint: 'Use letters, digits and `-` in the name, one line of text in the value; the length is set for you.',
    pointer,
    retry: false,
  });
}

/** The listener cannot start, most often because the port is taken. */
export function listenFailed(address: string, cause: unknown): Fault {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new Fault(
    'webhook.listen-failed',
    `failed to start webhook server: \`${address}\` answers ${reason}.`,
    {
      category: 'network',
      hint: 'End what listens there, or choose another `listenAddress`.',
      pointer: '/listenAddress',
      retry: false,
      cause,
    },
  );
}

/** Another pipeline of the process listens on this address for this path. */
export function pathTaken(path: string, address: string, pipeline: string): Fault {
  return new Fault(
    'webhook.path-taken',
    `\`${path}\` on ${address} belongs to the pipeline \`${pipeline}\` already.`,
    {
      category: 'validation',
      hint: 'Give one of the two another `path` or `listenAddress`.',
      pointer: '/path',
      retry: false,
    },
  );
}

/** A dry run has no sender. */
export function noDelivery(): Fault {
  return new Fault('webhook.no-delivery', 'A dry run receives no deliveries.', {
    category: 'validation',
    hint: 'Give it the body of one, as in `--payload delivery.json`.',
    retry: false,
  });
}

/** The delivery of a dry run is none that would be accepted. */
export function badDelivery(): Fault {
  return new Fault('webhook.bad-delivery', 'Invalid JSON payload', {
    category: 'validation',
    hint: 'Records are a JSON object, or a list of objects where `dataField` says.',
    retry: false,
  });
}

/** A file of the queue holds something that was never written there, with deliveries behind it. */
export function spoolDamaged(file: string, at: number): Fault {
  return new Fault('webhook.spool-damaged', `${file} is damaged at byte ${at}.`, {
    category: 'validation',
    hint: 'Restore the file, or move it away: the deliveries in it that were not handed on are lost then.',
    retry: false,
  });
}

/** The queue cannot be read or written. */
export function spoolFailed(folder: string, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Fault('webhook.spool-failed', `The queue in ${folder} fails: ${reason}`, {
    category: 'server',
    hint: 'Check the folder and the space on its disk.',
    cause,
  });
}

/** A queue that is not durable takes no more memory. */
export function spoolFull(maxBytes: number): Fault {
  return new Fault('webhook.spool-full', `The deliveries that wait take ${maxBytes} bytes.`, {
    category: 'server',
    hint: 'Raise `maxConcurrent`, or let the queue be durable.',
  });
}

/** A stored delivery is not what its endpoint takes now: the document was changed meanwhile. */
export function noLongerReadable(endpoint: string): Fault {
  return new Fault(
    'webhook.no-longer-readable',
    `A stored delivery to \`${endpoint}\` has no records where they are looked for now.`,
    {
      category: 'validation',
      hint: 'Keep endpoints and `dataField` as they are until the queue is empty.',
      retry: false,
    },
  );
}
