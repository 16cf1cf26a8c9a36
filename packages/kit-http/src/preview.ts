import type { Preview } from '@cannectors/core';
import type { Credentials } from './authentication.ts';
import type { HttpRequest } from './client.ts';
import { maskedHeader, maskedUrl } from './masking.ts';

const longest = 1024 * 1024;

/**
 * Describes a request as it would be sent.
 *
 * @param token of `oauth2`, if one is known and may be shown
 * @see spec/connectors/http.md, section 4.6
 */
export function previewOf(
  request: HttpRequest,
  { header, param, oauth2 }: Credentials,
  showCredentials: boolean,
  token: string | undefined,
): NonNullable<Preview['http']> {
  const isApiKey = header !== undefined && header.name.toLowerCase() !== 'authorization';
  const place = { header: isApiKey ? header.name.toLowerCase() : undefined, param: param?.name };
  const headers: Record<string, string> = {};
  const list =
    oauth2 === undefined
      ? request.headers
      : [...request.headers, 'Authorization', `Bearer ${token ?? '[MASKED-OAUTH2-TOKEN]'}`];
  for (let index = 0; index < list.length; index += 2) {
    const name = list[index] ?? '';
    const value = Buffer.from(list[index + 1] ?? '', 'latin1').toString('utf8');
    headers[name] = showCredentials
      ? value
      : maskedHeader(name, value, place, oauth2 !== undefined);
  }
  return {
    endpoint: showCredentials ? request.url : maskedUrl(request.url, place),
    method: request.method,
    headers,
    ...(request.body !== undefined && { body_preview: shown(request.body) }),
  };
}

function shown(body: string | Buffer): string {
  const bytes = Buffer.byteLength(body);
  if (bytes <= longest) return body.toString();
  const start = Buffer.from(body).subarray(0, longest).toString('utf8');
  return `${start}\n… cut: ${bytes} bytes in all`;
}
