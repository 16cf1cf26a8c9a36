import { type Code, failure, type Frame, type Run, type Site, spend, spendText } from './code.ts';
import { kindOf } from './kinds.ts';
import { maxLength, patternWorkPerStep } from './limits.ts';
import { type RegularExpression, regularExpression } from './regular-expression.ts';

export type TextTest = 'contains' | 'startsWith' | 'endsWith' | 'matches';

type Test = (text: string, part: string, frame: Frame) => boolean;

const tests: Readonly<Record<Exclude<TextTest, 'matches'>, Test>> = {
  contains(text, part, frame) {
    spendText(frame, text);
    return text.includes(part);
  },
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
};

/** Compiles a test of two texts. With nil on one side it is false; anything else is no text. */
export function textTest(site: Site, operator: TextTest, left: Code, right: Code): Run {
  const test = operator === 'matches' ? patternTest(site, right) : tests[operator];
  return (env, frame) => {
    const text = left.run(env, frame);
    const part = right.run(env, frame);
    if (typeof text === 'string' && typeof part === 'string') {
      frame.site = site;
      return test(text, part, frame);
    }
    if (isTextOrNil(text) && isTextOrNil(part)) return false;
    throw notText(site, operator, text, part);
  };
}

/** A pattern that is a literal is compiled once; of the others the last one is kept. */
function patternTest(site: Site, right: Code): Test {
  const literal = right.constant?.value;
  if (typeof literal === 'string') {
    const pattern = regularExpression(literal, site.pointer);
    return (text, _, frame) => found(pattern, text, frame);
  }
  let source: string | undefined;
  let pattern: RegularExpression | undefined;
  return (text, part, frame) => {
    if (pattern === undefined || source !== part) {
      pattern = compiled(site, part);
      source = part;
    }
    return found(pattern, text, frame);
  };
}

function found(pattern: RegularExpression, text: string, frame: Frame): boolean {
  spend(frame, Math.floor((text.length * pattern.size) / patternWorkPerStep));
  return pattern.test(text);
}

function compiled(site: Site, pattern: string): RegularExpression {
  if (pattern.length > maxLength) {
    throw failure(site, `a pattern has at most ${maxLength} characters, not ${pattern.length},`);
  }
  try {
    return regularExpression(pattern, site.pointer);
  } catch (error) {
    throw failure(site, error instanceof Error ? error.message.replace(/\.$/, '') : String(error));
  }
}

function isTextOrNil(value: unknown): boolean {
  return value == null || typeof value === 'string';
}

function notText(site: Site, operator: string, a: unknown, b: unknown) {
  const hint =
    operator === 'contains' && Array.isArray(a) ? 'Write `x in list` for a list.' : undefined;
  return failure(site, `invalid operation: ${kindOf(a)} ${operator} ${kindOf(b)}`, hint);
}
