import { marks } from './plugins/marks.ts';
import type { UsedModule } from './plugins/used-modules.ts';

/** A scheme is only looked for where one may begin: the time grows with the text, not with its square. */
const userInfo = /(?:(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:))?\/\/([^\s/?#@]*)@/i;
/** `app:password@tcp(db:3306)/shop`, `app:password@db:3306/shop`: a password may have any sign in it. */
const beforeHost = /^[^:/\s]+:(?!\/\/)(?:(.+)@(?:tcp|unix)\(|([^@\s]+)@[^/\s]+\/\S*$)/i;
/** `host=db user=app password=…`: nothing but words with values, which a statement is not. */
const words =
  /^\s*\w+\s*=\s*(?:'(?:[^'\\]|\\.)*'|\S+)(?:\s+\w+\s*=\s*(?:'(?:[^'\\]|\\.)*'|\S+))*\s*$/;
const passwordWord = /(?:^|\s)\w*(?:password|passwd|pwd)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))/gi;
/** `?password=…` in the query of an address. */
const passwordInQuery = /[?&;]\w*(?:password|passwd|pwd)=([^\s&;#]*)/gi;

/**
 * Lists the secrets of modules: the values of fields that their schemas mark as `secret`, the
 * user info of URLs, and the passwords of database addresses in their other forms.
 */
export function secretsOf(modules: readonly UsedModule[]): Set<string> {
  const secrets = new Set<string>();
  for (const { module, manifest } of modules) {
    for (const { mark, value } of marks(module.config, manifest.schema())) {
      if (mark !== 'secret') continue;
      for (const text of texts(value)) secrets.add(text);
    }
    for (const text of texts(module.config)) {
      for (const secret of secretsIn(text)) if (secret !== '') secrets.add(secret);
    }
  }
  return secrets;
}

function* secretsIn(text: string): Generator<string> {
  const [, scheme, info = ''] = userInfo.exec(text) ?? [];
  yield* secretParts(scheme, info).map(decoded);
  const [, inNetwork, plain] = beforeHost.exec(text) ?? [];
  yield inNetwork ?? plain ?? '';
  for (const [, value = ''] of text.matchAll(passwordInQuery)) yield* [value, decoded(value)];
  if (!words.test(text)) return;
  for (const [, quoted, value = ''] of text.matchAll(passwordWord)) {
    yield (quoted ?? value).replaceAll(/\\(.)/gs, '$1');
  }
}

/** The user of a web address may be a token. That of a database is a name, which many texts hold by chance. */
function secretParts(scheme = '', info: string): string[] {
  const [user = '', ...rest] = info.split(':');
  const password = rest.join(':');
  return /^(?:https?:)?$/i.test(scheme) ? [user, password] : [password];
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
