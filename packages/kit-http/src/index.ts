// HTTP for plugins: one client that builds URLs, shows who it is, guards where it goes and classifies
// what fails. The fields of a config are behind the other door, `./config`.
export { type BodyTemplate, bodyTemplate } from './body-template.ts';
export {
  type ClientOptions,
  type HttpClient,
  type HttpRequest,
  httpClient,
  type Refreshes,
  type SuccessRule,
} from './client.ts';
export type { Authentication, BodyConfig, HttpConfig, Keys, Retry } from './config.ts';
export type { IncomingHeaders } from './exchange.ts';
export { jsonBody } from './json-body.ts';
export type { Key, KeyProblem } from './keys.ts';
export type { Address, RequestSource } from './request-source.ts';
export type { HttpResponse } from './response.ts';
export { isSameHost, type Target, targetOf } from './target.ts';
export { safeUrl } from './url.ts';
export { userAgent } from './user-agent.ts';
