import type { Context, JsonRecord } from '@cannectors/core';
import { answerOf, type Answering } from './answering.ts';
import { senderCheck, type SenderCheck } from './authentication.ts';
import type { Config, EndpointConfig } from './config.ts';
import { endpointTwice } from './faults.ts';
import { payloadReader, type PayloadReader } from './payload.ts';
import { type RateLimit, rateLimit } from './rate-limit.ts';
import { signatureCheck, type SignatureCheck } from './signature.ts';

/** One path that deliveries come to, compiled. */
export interface Endpoint {
  /** Empty if it is the only one. */
  readonly name: string;
  readonly path: string;
  readonly read: PayloadReader;
  readonly limit: RateLimit;
  readonly sender?: SenderCheck;
  readonly isSigned?: SignatureCheck;
  /** In lower case. */
  readonly deliveryIdHeader?: string;
  readonly answer: Answering;
  /** What its records find under `_metadata`. */
  readonly metadata?: JsonRecord;
}

/**
 * Compiles the endpoints of a webhook. What one does not say it takes from the webhook itself.
 *
 * @throws `webhook.endpoint-twice`, and what its parts throw
 */
export function endpointsOf(config: Config, context: Context): Endpoint[] {
  const { endpoints, path = '/' } = config;
  const isQueued = config.queueSize !== undefined;
  if (endpoints === undefined) {
    return [endpointOf({ ...config, name: '', path }, isQueued, context, () => '')];
  }
  checkDistinct(endpoints);
  return endpoints.map((own, index) => {
    const pointerOf = (key: keyof EndpointConfig): string =>
      own[key] === undefined ? '' : `/endpoints/${index}`;
    const endpoint = endpointOf({ ...config, ...own }, isQueued, context, pointerOf);
    return { ...endpoint, metadata: { webhook: { endpoint: own.name } } };
  });
}

function endpointOf(
  config: EndpointConfig,
  isQueued: boolean,
  context: Context,
  pointerOf: (key: keyof EndpointConfig) => string,
): Endpoint {
  const { name, path, dataField, signature, authentication, deliveryIdHeader } = config;
  const pointer = (key: keyof EndpointConfig): string => `${pointerOf(key)}/${key}`;
  return {
    name,
    path,
    read: payloadReader(dataField, pointer('dataField')),
    limit: rateLimit(config.rateLimit),
    answer: answerOf(config.response, isQueued, pointer('response')),
    ...(authentication && {
      sender: senderCheck(authentication, context, pointer('authentication')),
    }),
    ...(signature && { isSigned: signatureCheck(signature) }),
    ...(deliveryIdHeader !== undefined && { deliveryIdHeader: deliveryIdHeader.toLowerCase() }),
  };
}

function checkDistinct(endpoints: readonly EndpointConfig[]): void {
  for (const key of ['name', 'path'] as const) {
    const seen = new Set<string>();
    for (const [index, endpoint] of endpoints.entries()) {
      const pointer = `/endpoints/${index}/${key}`;
      if (seen.has(endpoint[key])) throw endpointTwice(key, endpoint[key], pointer);
      seen.add(endpoint[key]);
    }
  }
}
