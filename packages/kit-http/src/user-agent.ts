/** Sent by every module, unless its headers say otherwise. */
export const userAgent = { 'User-Agent': 'Cannectors-Runtime/1.0' };
