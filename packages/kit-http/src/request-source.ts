import { type Template, type TemplateScope, template } from '@cannectors/kit-template';
import { basic, type Credentials } from './authentication.ts';
import type { HttpConfig } from './config.ts';
import { badUrl, dotSegment } from './faults.ts';
import { type HeaderList, headerSource } from './header-list.ts';
import type { CompiledKeys, KeyValue } from './keys.ts';
import { type Target, targetOf, targetReader } from './target.ts';
import { hasDotSegment, withPathValue, withQuery } from './url.ts';

/** A request without method and body. */
export interface Address {
  /** Complete, the API key included: not for messages. */
  readonly url: string;
  readonly target: Target;
  readonly headers: HeaderList;
  /** The host comes from data. */
  readonly isGuarded: boolean;
}

/** Gives the addresses of the requests of a module. */
export interface RequestSource {
  /** Every template of it, for checks of what they read. */
  readonly templates: readonly { readonly pointer: string; readonly template: Template }[];
  /**
   * Renders endpoint, query parameters and headers for a record.
   *
   * @param parameters set after `queryParams` and keys, before the API key
   * @throws `http.bad-url`, `http.bad-header`, `http.dot-segment`, and what templates and keys throw
   */
  render(scope: TemplateScope, parameters?: ReadonlyMap<string, string>): Address;
  /**
   * Goes to another URL of the same server, or of one in `allowedHosts`, which the caller has checked:
   * with the same headers and authentication. Nothing else is set in it.
   */
  at(url: string, scope: TemplateScope): Address;
}

export interface SourceOptions {
  readonly keys: CompiledKeys;
  /** Which places of a path placeholder are filled. */
  readonly places: 'first' | 'all';
  readonly standardHeaders: Readonly<Record<string, string>>;
  readonly dropsEmptyHeaders: boolean;
}

/**
 * Compiles where the requests of a module go.
 *
 * What is the same for every record is built once. The order in which parameters win is: those in
 * the endpoint, `queryParams`, keys, what `render` is given, the API key.
 *
 * @throws `http.bad-url` for an endpoint that cannot become one, `template.*`
 * @see spec/connectors/http.md, section 1.3
 */
export function requestSource(
  config: Pick<HttpConfig, 'endpoint' | 'queryParams' | 'headers'>,
  { header, param }: Credentials,
  { keys, places, standardHeaders, dropsEmptyHeaders }: SourceOptions,
): RequestSource {
  const endpoint = template(config.endpoint, 'url', '/endpoint');
  const queryParams = Object.entries(config.queryParams).map(([name, source]) => {
    const pointer = `/queryParams/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return { name, pointer, template: template(source, 'text', pointer) };
  });
  const headers = headerSource({
    standard: standardHeaders,
    headers: config.headers,
    keys: keys.header,
    last: header,
    dropsEmpty: dropsEmptyHeaders,
  });
  const isGuarded = !hasLiteralHost(config.endpoint, keys.path);
  const isDynamic = !endpoint.isStatic || keys.path.length > 0;
  const isFixed =
    !isDynamic &&
    keys.query.length === 0 &&
    queryParams.every((parameter) => parameter.template.isStatic);
  const read = targetReader();
  // An environment reference has no value yet while a file is only checked.
  if (endpoint.isStatic && !config.endpoint.includes('${')) checkUrl(config.endpoint);
  let fixed: Address | undefined;

  return {
    templates: [{ pointer: '/endpoint', template: endpoint }, ...queryParams, ...headers.templates],

    render(scope, parameters) {
      if (!isFixed || parameters !== undefined) return address(urlOf(scope, parameters), scope);
      if (!headers.isStatic) {
        fixed ??= address(urlOf(scope), { record: {} }, []);
        return { ...fixed, headers: withUser(headers.render(scope), fixed.target) };
      }
      fixed ??= address(urlOf(scope), scope);
      return fixed;
    },

    at(url, scope) {
      const complete =
        param === undefined ? url : withQuery(url, new Map([[param.name, param.value]]));
      return address(complete, scope);
    },
  };

  function urlOf(scope: TemplateScope, parameters?: ReadonlyMap<string, string>): string {
    let url = endpoint.render(scope);
    for (const key of keys.path) {
      url = withPathValue(url, key.name, key.read(scope.record), places);
    }
    if (isDynamic && hasDotSegment(url)) throw dotSegment(url);
    const all = new Map<string, string>();
    for (const parameter of queryParams) all.set(parameter.name, parameter.template.render(scope));
    for (const key of keys.query) all.set(key.name, key.read(scope.record));
    for (const [name, value] of parameters ?? []) all.set(name, value);
    if (param !== undefined) all.set(param.name, param.value);
    return withQuery(url, all);
  }

  function address(url: string, scope: TemplateScope, list = headers.render(scope)): Address {
    const target = read(url);
    return { url, target, headers: withUser(list, target), isGuarded };
  }

  function withUser(list: HeaderList, { userInfo }: Target): HeaderList {
    if (userInfo === undefined || headers.names.has('authorization')) return list;
    return [...list, 'Authorization', basic(userInfo)];
  }
}

/** Tells whether the host stands in the text: no template and no key may begin before it ends. */
function hasLiteralHost(endpoint: string, keys: readonly KeyValue[]): boolean {
  const [origin] = /^https?:\/\/[^/?#{]+(?=[/?#]|$)/i.exec(endpoint) ?? [];
  if (origin !== undefined) return true;
  // A brace in the host that belongs to no key stays a brace, which no host may have.
  return keys.length === 0 && !/\{[{%]/.test(endpoint);
}

function checkUrl(endpoint: string): void {
  try {
    targetOf(endpoint.replace(/\{[^}]*\}/g, 'x'));
  } catch {
    throw badUrl(endpoint, 'is not an absolute http or https address with a host', '/endpoint');
  }
}
