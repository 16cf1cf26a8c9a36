import { Fault } from '@cannectors/core';

/** `plugins describe` names no installed plugin. */
export function unknownPlugin(word: string, suggestion: string): Fault {
  return new Fault('cli.unknown-plugin', `There is no plugin \`${word}\`.${suggestion}`, {
    category: 'not_found',
    hint: 'See `cannectors plugins`.',
  });
}

/** `plugins describe` names plugins of several kinds. */
export function severalPlugins(word: string, names: readonly string[]): Fault {
  return new Fault('cli.several-plugins', `Several plugins are called \`${word}\`.`, {
    category: 'validation',
    hint: `Say ${names.map((name) => `\`${name}\``).join(' or ')}.`,
  });
}

/** `state set` is given a text that is not JSON. */
export function contentNotJson(cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Fault('cli.state-not-json', `The new state is not JSON: ${reason}.`, {
    category: 'validation',
    hint: `Quote it for the shell, as in '{"timestamp": "2026-01-01T00:00:00Z"}'.`,
    cause,
  });
}

/** The file of `--payload` cannot be read. */
export function payloadUnreadable(file: string, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Fault('cli.payload-unreadable', `${file} cannot be read: ${reason}`, {
    category: 'not_found',
    hint: 'Name a file that holds the body of a delivery.',
    cause,
  });
}

/** A dry run of an input that waits for deliveries has none. */
export function payloadNeeded(type: string): Fault {
  return new Fault(
    'cli.payload-needed',
    `The input \`${type}\` waits for deliveries, and a dry run has none.`,
    {
      category: 'validation',
      hint: 'Give the body of one: `--payload delivery.json`.',
    },
  );
}

/** `--payload` is given to a pipeline whose input waits for no delivery. */
export function payloadNotTaken(type: string): Fault {
  return new Fault('cli.payload-not-taken', `The input \`${type}\` takes no payload.`, {
    category: 'validation',
    hint: 'Leave `--payload` out: a dry run reads this input for real.',
  });
}
