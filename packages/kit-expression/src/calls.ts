import { isSkipped, skipped } from './access.ts';
import { failure, type Run, type Site } from './code.ts';
import type { Builtin } from './functions/builtin.ts';
import { isDuration, isMoment, kindOf } from './kinds.ts';

/** Compiles a call of a function. The usual numbers of arguments need no list of them. */
export function called(site: Site, { call }: Builtin, args: readonly Run[]): Run {
  const [first, second] = args;
  if (first !== undefined && args.length === 1) {
    return (env, frame) => {
      const a = first(env, frame);
      frame.site = site;
      return call(frame, a);
    };
  }
  if (first !== undefined && second !== undefined && args.length === 2) {
    return (env, frame) => {
      const a = first(env, frame);
      const b = second(env, frame);
      frame.site = site;
      return call(frame, a, b);
    };
  }
  return (env, frame) => {
    const values = args.map((argument) => argument(env, frame));
    frame.site = site;
    return call(frame, ...values);
  };
}

/** Compiles a call of a method. */
export function calledOn(
  site: Site,
  { call }: Builtin,
  target: Run,
  args: readonly Run[],
  optional: boolean,
): Run {
  return (env, frame) => {
    const value = target(env, frame);
    if (isSkipped(value, optional)) return skipped;
    const values = args.map((argument) => argument(env, frame));
    frame.site = site;
    if (isMoment(value) || isDuration(value)) return call(frame, value, ...values);
    throw failure(
      site,
      `cannot call ${site.name} of ${kindOf(value)}`,
      'Write `date(…)` around it.',
    );
  };
}
