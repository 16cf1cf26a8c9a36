import { failure, type Frame } from '../code.ts';
import { compare } from '../comparison.ts';
import { integer, isDuration, isMoment, isZone } from '../kinds.ts';
import { type Civil, weekday, yearDay } from '../time/civil.ts';
import { durationOf, durationText, span, units } from '../time/duration.ts';
import { dateLayout } from '../time/layout.ts';
import {
  civilOf,
  instant,
  type Moment,
  momentAt,
  momentOf,
  momentText,
  zone,
} from '../time/moment.ts';
import { utc } from '../time/zone.ts';
import { type Builtin, countArgument, takes, textArgument, wrongArgument } from './builtin.ts';

/** Methods of dates and durations. The first argument is the value itself. */
export const methods: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({
    Year: part(({ year }) => year),
    Month: part(({ month }) => month),
    Day: part(({ day }) => day),
    Hour: part(({ hour }) => hour),
    Minute: part(({ minute }) => minute),
    Second: part(({ second }) => second),
    Nanosecond: part(({ nanosecond }) => nanosecond),
    Weekday: part(weekday),
    YearDay: part(yearDay),
    Unix: takes(1, 1, (frame, value) => seconds(moment(frame, value))),
    UnixMilli: takes(1, 1, (frame, value) => moment(frame, value)[instant] / units.ms),
    Format: takes(2, 2, (frame, value, layout) =>
      dateLayout(textArgument(frame, layout)).format(civil(frame, value)),
    ),
    In: takes(2, 2, (frame, value, place) => {
      if (!isZone(place)) throw wrongArgument(frame, place, 'Write `timezone("Europe/Paris")`.');
      return momentOf(moment(frame, value)[instant], place);
    }),
    UTC: takes(1, 1, (frame, value) => momentOf(moment(frame, value)[instant], utc)),
    Add: takes(2, 2, (frame, value, length) => {
      const at = moment(frame, value);
      return momentOf(at[instant] + duration(frame, length), at[zone]);
    }),
    Sub: takes(2, 2, (frame, value, other) =>
      durationOf(moment(frame, value)[instant] - moment(frame, other)[instant]),
    ),
    AddDate: takes(4, 4, (frame, value, years, months, days) => {
      const { year, month, day, ...time } = civil(frame, value);
      const sum = {
        year: year + countArgument(frame, years),
        month: month + countArgument(frame, months),
        day: day + countArgument(frame, days),
      };
      return momentAt({ ...time, ...sum }, moment(frame, value)[zone]);
    }),
    Before: takes(2, 2, (frame, value, other) => order(frame, value, other) < 0),
    After: takes(2, 2, (frame, value, other) => order(frame, value, other) > 0),
    Equal: takes(2, 2, (frame, value, other) => order(frame, value, other) === 0),
    Hours: takes(1, 1, (frame, value) => Number(duration(frame, value)) / Number(units.h)),
    Minutes: takes(1, 1, (frame, value) => Number(duration(frame, value)) / Number(units.m)),
    Seconds: takes(1, 1, (frame, value) => Number(duration(frame, value)) / Number(units.s)),
    Milliseconds: takes(1, 1, (frame, value) => duration(frame, value) / units.ms),
    String: takes(1, 1, (frame, value) =>
      isDuration(value) ? durationText(value) : momentText(moment(frame, value)),
    ),
  }),
);

function part(valueOf: (civil: Civil) => number): Builtin {
  return takes(1, 1, (frame, value) => integer(valueOf(civil(frame, value))));
}

function moment(frame: Frame, value: unknown): Moment {
  if (isMoment(value)) return value;
  throw wrongArgument(frame, value);
}

function civil(frame: Frame, value: unknown): Civil {
  const shown = civilOf(moment(frame, value));
  if (shown !== undefined) return shown;
  throw failure(frame.site, 'the date is not in the years 0 to 9999');
}

function duration(frame: Frame, value: unknown): bigint {
  if (isDuration(value)) return value[span];
  throw wrongArgument(frame, value);
}

function seconds({ [instant]: at }: Moment): bigint {
  return (at - (((at % units.s) + units.s) % units.s)) / units.s;
}

function order(frame: Frame, value: unknown, other: unknown): number {
  return compare(moment(frame, value), moment(frame, other)) ?? 0;
}
