import { Fault, type Json } from '@cannectors/core';

/** Where in the pipeline a value was handled. */
export interface Place {
  readonly source: string | undefined;
  readonly target: string;
  /** Position in `mappings`. */
  readonly mapping: number;
  /** Position of the record in the list. */
  readonly record: number;
}

/** A field is missing or null, and `onMissing` is `fail`. */
export function missingField(place: Place): Fault {
  const { source = '', target, record, mapping } = place;
  return new Fault(
    'MISSING_FIELD',
    `missing required field "${source}" for target "${target}" at record ${record}, mapping ${mapping}`,
    {
      category: 'validation',
      hint: 'Give it a value with `onMissing: useDefault`, or leave the target alone with `skipField`.',
      details: detailsOf(place),
    },
  );
}

/** A value cannot become what `toString`, `toInt`, `toFloat`, `toBool`, `toArray` or `toObject` makes. */
export function conversionFailed(op: string, reason: string): Fault {
  return new Fault('TYPE_CONVERSION', `transform "${op}" failed: ${shortened(reason)}`, {
    category: 'validation',
    details: { transform_op: op },
  });
}

/** Another transform has no result for a value. */
export function transformFailed(op: string, reason: string): Fault {
  return new Fault('TRANSFORM_FAILED', `transform "${op}" failed: ${shortened(reason)}`, {
    category: 'validation',
    details: { transform_op: op },
  });
}

/** Says of the fault of a transform which field and which record it was. */
export function inMapping(fault: Fault, place: Place): Fault {
  const { source = '', target, record, mapping } = place;
  const where = `for field "${source}" -> "${target}" at record ${record}, mapping ${mapping}`;
  return new Fault(fault.code, `transform failed ${where}: ${fault.message}`, {
    category: 'validation',
    details: { ...detailsOf(place), ...fault.details },
  });
}

/** The target is no path that can be written to. */
export function unusablePath(place: Place, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Fault(
    'NESTED_PATH_FAILED',
    `cannot write to "${place.target}" at record ${place.record}, mapping ${place.mapping}: ${reason}`,
    {
      category: 'validation',
      hint: 'Write keys joined by dots, each with at most one index, as in `lines[0].sku`.',
      details: detailsOf(place),
      cause,
    },
  );
}

/** `replace` has nothing to look for. */
export function noPattern(pointer: string): Fault {
  return new Fault('mapping.no-pattern', 'invalid regex pattern: `replace` needs a `pattern`.', {
    category: 'validation',
    hint: 'Write what to look for, as in `pattern: "[^0-9]"`.',
    pointer,
  });
}

/** `onMissing` is `useDefault`, and there is no default. */
export function noDefault(pointer: string): Fault {
  return new Fault('mapping.no-default', '`onMissing: useDefault` needs a `defaultValue`.', {
    category: 'validation',
    hint: 'Write `defaultValue: null` if null is meant.',
    pointer,
  });
}

/** A value of a record may be as long as it likes, a message not. */
function shortened(reason: string): string {
  return reason.length > 300 ? `${reason.slice(0, 300)}…` : reason;
}

function detailsOf({ source, target, mapping, record }: Place): Readonly<Record<string, Json>> {
  return {
    ...(source !== undefined && { source_field: source }),
    target_field: target,
    mapping_index: mapping,
    record_index: record,
  };
}
