import { type Civil, weekday, yearDay } from './civil.ts';
import { abbreviations } from './zone.ts';

/** A part of a layout. */
export interface Element {
  write(civil: Civil): string;
  /** Sticky. */
  readonly pattern: RegExp;
  /** Takes what the pattern found. */
  read?(found: string, draft: Draft): void;
  readonly isSecond?: true;
  readonly isZone?: true;
  readonly isFraction?: true;
}

/** What was read so far. */
export type Draft = { -readonly [Key in keyof Civil]: Civil[Key] } & {
  yearDay?: number;
  isAfternoon?: boolean;
  /** Nothing that was read says otherwise. */
  isPossible: boolean;
};

const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const two = (value: number) => String(value).padStart(2, '0');
const padded = (value: number) => String(value).padStart(2, ' ');
const twelve = (hour: number) => hour % 12 || 12;

const oneDigit = /\d{1,2}/y;
const twoDigits = /\d\d/y;

function numeric(
  key: 'month' | 'day' | 'hour' | 'minute' | 'second' | 'yearDay',
  pattern: RegExp,
  write: (civil: Civil) => string,
): Element {
  return {
    write,
    pattern,
    read(found, draft) {
      draft[key] = Number(found);
    },
  };
}

function named(names: readonly string[], length: number, valueOf: (civil: Civil) => number) {
  const shown = names.map((name) => name.slice(0, length));
  return {
    write: (civil: Civil) => shown[valueOf(civil)] ?? '',
    pattern: new RegExp(shown.join('|'), 'iy'),
  };
}

function monthName(length: number): Element {
  return {
    ...named(months, length, ({ month }) => month - 1),
    read(found, draft) {
      const start = found.slice(0, 3).toLowerCase();
      draft.month = months.findIndex((name) => name.slice(0, 3).toLowerCase() === start) + 1;
    },
  };
}

function half(morning: string, afternoon: string): Element {
  return {
    write: ({ hour }) => (hour < 12 ? morning : afternoon),
    pattern: new RegExp(`${morning}|${afternoon}`, 'y'),
    read(found, draft) {
      draft.isAfternoon = found === afternoon;
    },
  };
}

function offset(hasZ: boolean, separator: string, hasMinutes: boolean): Element {
  const minutes = hasMinutes ? `${separator}\\d\\d` : '';
  return {
    write(civil) {
      if (hasZ && civil.offset === 0) return 'Z';
      const size = Math.trunc(Math.abs(civil.offset) / 60);
      const sign = civil.offset < 0 ? '-' : '+';
      const end = hasMinutes ? separator + two(size % 60) : '';
      return sign + two(Math.trunc(size / 60)) + end;
    },
    pattern: new RegExp(`${hasZ ? 'Z|' : ''}[+-]\\d\\d${minutes}`, 'y'),
    read(found, draft) {
      const digits = found.replace(':', '');
      const hours = Number(digits.slice(1, 3));
      const rest = Number(digits.slice(3));
      draft.offset = (found.startsWith('-') ? -1 : 1) * (hours * 3600 + rest * 60);
      draft.zone = draft.offset === 0 ? 'UTC' : '';
      draft.isPossible &&= hours <= 24 && rest < 60;
    },
    isZone: true,
  };
}

const numericOffset = offset(false, '', true);

/** The elements, by the part of the reference date that stands for them. */
export const elements: Readonly<Record<string, Element>> = {
  '2006': {
    write: ({ year }) => String(year).padStart(4, '0'),
    pattern: /\d{4}/y,
    read(found, draft) {
      draft.year = Number(found);
    },
  },
  '06': {
    write: ({ year }) => two(year % 100),
    pattern: twoDigits,
    read(found, draft) {
      draft.year = Number(found) + (Number(found) >= 69 ? 1900 : 2000);
    },
  },
  '01': numeric('month', twoDigits, ({ month }) => two(month)),
  '1': numeric('month', oneDigit, ({ month }) => String(month)),
  January: monthName(9),
  Jan: monthName(3),
  '02': numeric('day', twoDigits, ({ day }) => two(day)),
  '2': numeric('day', oneDigit, ({ day }) => String(day)),
  _2: numeric('day', / \d|\d{1,2}/y, ({ day }) => padded(day)),
  '002': numeric('yearDay', /\d{3}/y, (civil) => String(yearDay(civil)).padStart(3, '0')),
  __2: numeric('yearDay', /[ \d]{2}\d/y, (civil) => String(yearDay(civil)).padStart(3, ' ')),
  Monday: named(days, 9, weekday),
  Mon: named(days, 3, weekday),
  '15': numeric('hour', twoDigits, ({ hour }) => two(hour)),
  '03': numeric('hour', twoDigits, ({ hour }) => two(twelve(hour))),
  '3': numeric('hour', oneDigit, ({ hour }) => String(twelve(hour))),
  PM: half('AM', 'PM'),
  pm: half('am', 'pm'),
  '04': numeric('minute', twoDigits, ({ minute }) => two(minute)),
  '4': numeric('minute', oneDigit, ({ minute }) => String(minute)),
  '05': { ...numeric('second', twoDigits, ({ second }) => two(second)), isSecond: true },
  '5': { ...numeric('second', oneDigit, ({ second }) => String(second)), isSecond: true },
  'Z07:00': offset(true, ':', true),
  Z0700: offset(true, '', true),
  Z07: offset(true, '', false),
  '-07:00': offset(false, ':', true),
  '-0700': numericOffset,
  '-07': offset(false, '', false),
  MST: {
    write: (civil) => civil.zone || numericOffset.write(civil),
    pattern: /[A-Z]{2,4}/y,
    read(found, draft) {
      const known = abbreviations.get(found);
      draft.isPossible &&= known !== undefined;
      draft.offset = known ?? 0;
      draft.zone = found;
    },
    isZone: true,
  },
};

/** `.000` writes that many digits of the second, `.999` leaves trailing zeros out. */
export function fraction(text: string): Element {
  const sign = text.charAt(0);
  const count = text.length - 1;
  const isExact = text.endsWith('0');
  return {
    write({ nanosecond }) {
      const digits = String(nanosecond).padStart(9, '0').slice(0, count).padEnd(count, '0');
      const kept = isExact ? digits : digits.replace(/0+$/, '');
      return kept === '' ? '' : sign + kept;
    },
    pattern: isExact ? new RegExp(`[.,]\\d{${count}}`, 'y') : /(?:[.,]\d+)?/y,
    read: readFraction,
    isFraction: true,
  };
}

export function readFraction(found: string, draft: Draft): void {
  draft.nanosecond = Number(found.slice(1, 10).padEnd(9, '0'));
}

/** Text that stands for itself. */
export function literal(text: string): Element {
  const escaped = text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return { write: () => text, pattern: new RegExp(escaped, 'y') };
}
