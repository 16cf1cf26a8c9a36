import { Fault } from '@cannectors/core';
import { safeUrl } from './url.ts';

/** What an endpoint, a link or a redirect leads to is no absolute http or https address. */
export function badUrl(url: string, reason: string, pointer?: string): Fault {
  // Of what is no URL nobody knows where the password ends.
  const shown = safeUrl(url).replace(/^(https?:\/\/)?.*@/i, '$1');
  return new Fault('http.bad-url', `\`${shown}\` ${reason}.`, {
    category: 'validation',
    hint: 'Write an absolute address, as in `https://api.example.com/orders`.',
    ...(pointer !== undefined && { pointer }),
  });
}
