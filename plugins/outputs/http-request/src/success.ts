import type { Json, JsonRecord } from '@cannectors/core';
import { type Expression, expression } from '@cannectors/kit-expression/lazy';
import type { HttpResponse, SuccessRule } from '@cannectors/kit-http';
import { parseJson } from '@cannectors/kit-record';
import type { Config } from './config.ts';
import { successFailed, successNeedsJson } from './faults.ts';

const standard = [200, 201, 202, 203, 204];

/**
 * Compiles which responses count as a success.
 *
 * @throws `expression.*`; `accepts` throws `http-request.success-needs-json` and
 *   `http-request.success-failed`
 * @see spec/connectors/http.md, section 4.4
 */
export function successRule({
  statusCodes,
  expression: source,
}: Config['success'] = {}): SuccessRule {
  const codes = new Set(statusCodes ?? (source === undefined ? standard : []));
  const condition = source === undefined ? undefined : expression(source, '/success/expression');

  return {
    needsExplicitRetries: statusCodes === undefined && condition !== undefined,
    passes(response) {
      if (codes.has(response.status)) return true;
      try {
        return condition !== undefined && holds(condition, response);
      } catch {
        // A failure whose page is no JSON is a failure, and may be worth a retry.
        return false;
      }
    },
    accepts(response) {
      const isListed = statusCodes === undefined || codes.has(response.status);
      if (condition === undefined) return codes.has(response.status);
      return isListed && holds(condition, response);
    },
    // Of what is refused, the log shows the beginning.
    readsBody: (status) => condition !== undefined || !codes.has(status),
  };
}

function holds(condition: Expression, response: HttpResponse): boolean {
  const { names } = condition;
  const env: JsonRecord = {
    statusCode: BigInt(response.status),
    headers: names.has('headers') ? headersOf(response) : {},
    body: names.has('body') ? bodyOf(response) : null,
  };
  const value = valueOf(condition, env);
  if (typeof value !== 'boolean') throw successFailed('it gives no boolean');
  return value;
}

function valueOf(condition: Expression, env: JsonRecord): Json {
  try {
    return condition.evaluate(env);
  } catch (error) {
    throw successFailed(error instanceof Error ? error.message : String(error), error);
  }
}

function bodyOf(response: HttpResponse): Json {
  const text = response.text();
  if (text === '') return null;
  try {
    return parseJson(text);
  } catch {
    throw successNeedsJson();
  }
}

/** Lists of values by canonical name: `X-Sync-Result`. */
function headersOf({ headers }: HttpResponse): JsonRecord {
  const lists: JsonRecord = {};
  for (const [name, value] of Object.entries(headers)) {
    const canonical = name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
    lists[canonical] = Array.isArray(value) ? value : [value ?? ''];
  }
  return lists;
}
