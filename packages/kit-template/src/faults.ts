import { Fault, type FaultOptions } from '@cannectors/core';

/** Where something stands in a template, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A template does not follow the rules of the language. */
export function syntax(message: string, place: Place, hint?: string): Fault {
  return fault('template.syntax', message, place, {
    category: 'validation',
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A template would load another one. */
export function notSelfContained(tag: string, place: Place): Fault {
  const message = `\`{% ${tag} %}\` is not allowed, because templates must be self-contained`;
  return fault('template.not-self-contained', message, place, {
    category: 'validation',
    hint: 'Write the text of the other template in its place.',
  });
}

/** A block of filters would change text that is already escaped. */
export function escapedTwice(place: Place): Fault {
  const message =
    '`{% filter %}` is for plain text, because here the text in it is already escaped';
  return syntax(message, place, 'Apply the filter to each value: `{{ record.name | upper }}`.');
}

/** A template is longer, or nested deeper, than any that a person writes. */
export function tooComplex(message: string, place: Place): Fault {
  return fault('template.too-complex', message, place, { category: 'validation' });
}

/** A template reads something that is not there: below a missing value, or anything in a strict template. */
export function missing(message: string, place: Place): Fault {
  return fault('template.missing', message, place, {
    hint: 'Give it a value, ask `is defined`, or add a default, as in `{{ record.name | default("-") }}`.',
  });
}

/** A strict template prints null. */
export function nullValue(name: string, place: Place): Fault {
  const message = `template value is null and has no default: ${name}`;
  return fault('template.null', message, place, {
    hint: 'Add a default, as in `{{ record.name | default("-") }}`.',
  });
}

/** A template asks for something that its values do not allow, such as adding a text to a number. */
export function failed(message: string, place: Place): Fault {
  return fault('template.failed', message, place, {});
}

/** Rendering a template takes too many steps, or makes too much text. */
export function beyondLimit(message: string): Fault {
  return new Fault('template.limit', `${message}.`, { retry: false });
}

/** The same fault, with the place of the template in the config. */
export function withPointer(error: Fault, pointer: string): Fault {
  const { category, retry, hint, details } = error;
  return new Fault(error.code, error.message, {
    category,
    retry,
    ...(hint === undefined ? {} : { hint }),
    pointer,
    details,
    cause: error.cause,
  });
}

/** Rendering the same values again ends in the same way: never worth a repeat. */
function fault(code: string, message: string, place: Place, options: FaultOptions): Fault {
  const { line, column } = place;
  return new Fault(code, `${message} (line ${line}, column ${column}).`, {
    ...options,
    retry: false,
    details: { line, column },
  });
}
