import type { Log } from '@cannectors/core';
import { type TemplateScope, template } from '@cannectors/kit-template';

/** Gives the key under which the answer for a record is kept. */
export type KeyOf = (scope: TemplateScope, standardKey: () => string) => string;

/**
 * Compiles `cache.key`.
 *
 * A record for which it fails, or gives nothing, gets the standard key: under an empty one, records that
 * have nothing in common would share an answer.
 *
 * @throws `template.*`
 */
export function keyMaker(source: string | undefined, log: Log): KeyOf {
  if (source === undefined) return (_scope, standardKey) => standardKey();
  const key = template(source, 'text', '/cache/key');
  let isSaid = false;

  return (scope, standardKey) => {
    const text = rendered(scope);
    // Two kinds of key in one cache: no record may write one that looks like the other kind.
    return text === '' ? `standard ${standardKey()}` : `own ${text}`;
  };

  function rendered(scope: TemplateScope): string {
    try {
      const text = key.render(scope);
      if (text === '') warn('it is empty');
      return text;
    } catch (error) {
      warn(error instanceof Error ? error.message : String(error));
      return '';
    }
  }

  /** One line says it; a line for every record would say no more. */
  function warn(reason: string): void {
    if (isSaid) return;
    isSaid = true;
    log.warn('cache key cannot be rendered, using the default key', { error: reason });
  }
}
