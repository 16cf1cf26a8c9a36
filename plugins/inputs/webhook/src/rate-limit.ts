import type { RateLimitConfig } from './config.ts';

/** A bucket of tokens: each request takes one, and one comes back every so often. */
export interface RateLimit {
  /** Takes a token; if there is none, the milliseconds until there is one. */
  take(now: number): number;
}

/** @see spec/connectors/webhook.md, section 5 */
export function rateLimit(config: RateLimitConfig | undefined): RateLimit {
  if (config === undefined) return { take: () => 0 };
  const { requestsPerSecond } = config;
  const burst = config.burst ?? Math.max(1, Math.floor(requestsPerSecond));
  let tokens = burst;
  let filledAt = -Infinity;

  return {
    take(now) {
      const gained = ((now - filledAt) * requestsPerSecond) / 1000;
      tokens = Math.min(burst, tokens + gained);
      filledAt = now;
      if (tokens < 1) return ((1 - tokens) * 1000) / requestsPerSecond;
      tokens--;
      return 0;
    },
  };
}
