import { AgenttraceError } from '../model/errors.ts';

export interface Moment {
  readonly text: string;
  readonly flag: '--since' | '--until';
  readonly now: Date;
  readonly timeZone: string;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const BACK = /^(\d+)([mhdw])$/;

/** Whether a moment is told as a length of time before now. */
export const isBackFromNow = (text: string): boolean => BACK.test(text);

/** The years of four digits: what lies beyond is written otherwise, and means no bound. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * The instant that `--since` or `--until` names: a date (its first or last moment in the time zone), an ISO 8601
 * timestamp, in the time zone where it names none, or a length of time before now. The end is exclusive.
 */
export function parseWhen(moment: Moment): Date {
  const instant = readInstant(moment);
  if (instant !== undefined) return new Date(Math.min(Math.max(instant, FIRST_MS), LAST_MS));
  const { text, flag } = moment;
  throw new AgenttraceError({
    code: 'usage',
    message: `${flag} does not understand “${text}”.`,
    hint: 'Give a date such as 2026-01-31, a timestamp such as 2026-01-31T18:00:00Z or 2026-01-31T18:00, or a time back such as 2w, 7d, 24h or 30m, which are minutes.',
  });
}

/** Milliseconds; undefined where the text names no instant. */
function readInstant({ text, flag, now, timeZone }: Moment): number | undefined {
  const ago = BACK.exec(text);
  if (ago) return now.getTime() - Number(ago[1]) * (UNIT_MS[ago[2] ?? ''] ?? 0);
  const [, date, time, zone] = /^(\d{4}-\d{2}-\d{2})(?:[T ](.+?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text) ?? [];
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (date === undefined || !isDay(midnight, date)) return undefined;
  if (time === undefined) return atClock(flag === '--until' ? midnight + 86_400_000 : midnight, timeZone);
  const clock = Date.parse(`${date}T${time}${zone ?? 'Z'}`);
  if (!/^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(time) || Number.isNaN(clock)) return undefined;
  return zone === undefined ? atClock(clock, timeZone) : clock;
}

/** February has no thirtieth. */
const isDay = (midnight: number, date: string): boolean =>
  !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);

/** The instant at which clocks of a time zone show what clocks of UTC show at the one given. */
function atClock(utc: number, timeZone: string): number {
  const guess = utc - offsetMs(utc, timeZone);
  return utc - offsetMs(guess, timeZone);
}

function offsetMs(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const field = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  // Date.UTC takes a year below 100 for one of the last century.
  const day = new Date(0).setUTCFullYear(field('year'), field('month') - 1, field('day'));
  const local = new Date(day).setUTCHours(field('hour'), field('minute'), field('second'));
  return local - Math.floor(instant / 1000) * 1000;
}
