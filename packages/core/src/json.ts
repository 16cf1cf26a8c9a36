/** A JSON value. Whole numbers beyond 2^53 are `bigint`, so that no digit is lost. */
export type Json = null | boolean | number | bigint | string | Json[] | JsonRecord;

/** What users send: a JSON object. */
export interface JsonRecord {
  [key: string]: Json;
}
