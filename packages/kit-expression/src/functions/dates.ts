import { failure, type Frame } from '../code.ts';
import { isZone } from '../kinds.ts';
import { type Duration, parseDuration } from '../time/duration.ts';
import { type DateLayout, dateLayout } from '../time/layout.ts';
import { momentAt, type Moment, momentOf } from '../time/moment.ts';
import { namedZone, utc, type Zone } from '../time/zone.ts';
import { type Builtin, takes, textArgument, wrongArgument } from './builtin.ts';

export const dateFunctions = {
  now: {
    least: 0,
    most: 0,
    isImpure: true,
    call: () => momentOf(BigInt(Date.now()) * 1_000_000n, utc),
  },
  date: takes(1, 3, (frame, first, second, third) =>
    isZone(first)
      ? date(frame, textArgument(frame, second), third, first)
      : date(
          frame,
          textArgument(frame, first),
          second,
          third === undefined ? undefined : zone(frame, third),
        ),
  ),
  duration: takes(1, 1, (frame, value): Duration => {
    const text = textArgument(frame, value);
    const duration = parseDuration(text);
    if (duration !== undefined) return duration;
    throw failure(
      frame.site,
      `invalid duration ${JSON.stringify(text)}`,
      'Write it as in `1h30m`.',
    );
  }),
  timezone: takes(1, 1, (frame, value) => zone(frame, value)),
} as const satisfies Record<string, Builtin>;

/** How a date may be written when nothing is said about it; the first that fits counts. */
const layouts = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05Z07:00',
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
].map(dateLayout);

function date(frame: Frame, text: string, layout: unknown, inZone: Zone | undefined): Moment {
  for (const way of layout === undefined ? layouts : [compiled(frame, layout)]) {
    const civil = way.parse(text);
    if (civil !== undefined) return momentAt(civil, way.hasZone ? undefined : inZone);
  }
  throw failure(
    frame.site,
    `invalid date ${text}`,
    'Say how it is written: `date(x, "02/01/2006")`.',
  );
}

function compiled(frame: Frame, layout: unknown): DateLayout {
  return dateLayout(textArgument(frame, layout));
}

function zone(frame: Frame, value: unknown): Zone {
  if (isZone(value)) return value;
  if (typeof value !== 'string') throw wrongArgument(frame, value);
  const found = namedZone(value);
  if (found !== undefined) return found;
  throw failure(frame.site, `unknown time zone ${value}`, 'Write it as in `Europe/Paris`.');
}
