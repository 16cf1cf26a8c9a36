/** Why a request is answered with something else than success. */
export interface Refusal {
  readonly statusCode: number;
  /** One line, which says nothing about the inside. */
  readonly text: string;
  readonly level: 'warn' | 'error';
  /** What the log calls it. */
  readonly message: string;
}

/**
 * What is answered, and logged.
 *
 * @see spec/connectors/webhook.md, section 2
 */
export const refusals = {
  notFound: refusal(404, 'Not found', 'webhook path not found'),
  wrongMethod: refusal(405, 'Method not allowed', 'webhook received non-POST request'),
  unavailable: refusal(503, 'Service unavailable', 'webhook not available'),
  limited: refusal(429, 'Rate limit exceeded', 'webhook rate limit exceeded'),
  unauthorized: refusal(401, 'Unauthorized', 'webhook sender not authenticated'),
  tooLarge: refusal(413, 'Payload too large', 'webhook payload too large'),
  unread: refusal(400, 'Failed to read request body', 'failed to read webhook body', 'error'),
  empty: refusal(400, 'Request body is empty', 'webhook request body is empty'),
  badSignature: refusal(401, 'Invalid signature', 'webhook signature validation failed'),
  badPayload: refusal(400, 'Invalid JSON payload', 'failed to parse webhook payload', 'error'),
  queueFull: refusal(429, 'Queue full', 'webhook queue full'),
  unprocessable: refusal(422, 'Unprocessable records', 'webhook handler returned error', 'error'),
  timeout: refusal(504, 'Gateway timeout', 'webhook run takes too long'),
  failed: refusal(500, 'Internal server error', 'webhook handler returned error', 'error'),
} as const;

function refusal(
  statusCode: number,
  text: string,
  message: string,
  level: Refusal['level'] = 'warn',
): Refusal {
  return { statusCode, text, level, message };
}
