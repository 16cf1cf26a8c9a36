import { marks } from './plugins/marks.ts';
import type { UsedModule } from './plugins/used-modules.ts';

const userInfo = /([a-z][a-z0-9+.-]*:)?\/\/([^\s/?#@]*)@/i;

/**
 * Lists the secrets of modules: the values of fields that their schemas mark as `secret`, and the
 * user info of URLs.
 */
export function secretsOf(modules: readonly UsedModule[]): Set<string> {
  const secrets = new Set<string>();
  for (const { module, manifest } of modules) {
    for (const { mark, value } of marks(module.config, manifest.schema())) {
      if (mark !== 'secret') continue;
      for (const text of texts(value)) secrets.add(text);
    }
    for (const text of texts(module.config)) {
      const [, scheme, info = ''] = userInfo.exec(text) ?? [];
      for (const part of secretParts(scheme, info)) if (part !== '') secrets.add(decoded(part));
    }
  }
  return secrets;
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
