import type { Json } from '@cannectors/core';
import { jsonText, parseJson, textOf } from '@cannectors/kit-record';
import { allowText, failure, type Frame } from '../code.ts';
import { integer, isDuration, kindOf } from '../kinds.ts';
import { plainOf } from '../plain.ts';
import { span } from '../time/duration.ts';
import { type Builtin, takes, textArgument, wrongArgument } from './builtin.ts';

export const conversionFunctions = {
  type: takes(1, 1, (_, value) => kindOf(value)),
  int: takes(1, 1, (frame, value) => {
    if (typeof value === 'bigint') return value;
    if (typeof value === 'string') return wholeOf(frame, value);
    if (isDuration(value)) return value[span];
    if (typeof value !== 'number') throw wrongArgument(frame, value);
    if (!Number.isFinite(value)) throw failure(frame.site, `invalid operation: int(${value})`);
    return integer(Math.trunc(value));
  }),
  float: takes(1, 1, (frame, value) => {
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    return doubleOf(frame, textArgument(frame, value));
  }),
  string: takes(1, 1, (frame, value) => text(frame, textOf(plainOf(value, frame)))),
  toJSON: takes(1, 1, (frame, value) => text(frame, jsonText(plainOf(value, frame)))),
  fromJSON: takes(1, 1, (frame, value) => json(frame, textArgument(frame, value))),
  toBase64: takes(1, 1, (frame, value) =>
    Buffer.from(textArgument(frame, value)).toString('base64'),
  ),
  fromBase64: takes(1, 1, (frame, value) => {
    const source = textArgument(frame, value);
    const isBase64 =
      source.length % 4 === 0 && /^[\w+/]*={0,2}$/.test(source) && !source.includes('_');
    if (!isBase64) throw failure(frame.site, 'illegal base64 data');
    return Buffer.from(source, 'base64').toString('utf8');
  }),
} as const satisfies Record<string, Builtin>;

function text(frame: Frame, value: string): string {
  allowText(frame.site, value.length);
  return value;
}

function wholeOf(frame: Frame, value: string): bigint {
  if (!/^[+-]?\d{1,300}$/.test(value)) {
    throw failure(frame.site, `invalid operation: int(${value})`);
  }
  return BigInt(value.startsWith('+') ? value.slice(1) : value);
}

function doubleOf(frame: Frame, value: string): number {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)) {
    throw failure(frame.site, `invalid operation: float(${value})`);
  }
  return Number(value);
}

function json(frame: Frame, value: string): Json {
  try {
    return parseJson(value);
  } catch (error) {
    throw failure(
      frame.site,
      error instanceof Error ? error.message.replace(/\.$/, '') : String(error),
    );
  }
}
