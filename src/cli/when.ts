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

/**
 * The instant that `--since` or `--until` names: a date (its first or last moment in the time zone), an ISO 8601
 * timestamp, or a length of time before now. The end is exclusive.
 */
export function parseWhen(moment: Moment): Date {
  const { text, flag, now, timeZone } = moment;
  const ago = BACK.exec(text);
  if (ago) {
    const instant = new Date(now.getTime() - Number(ago[1]) * (UNIT_MS[ago[2] ?? ''] ?? 0));
    if (!Number.isNaN(instant.getTime())) return instant;
  }
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (day) {
    const utc = Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
    if (new Date(utc).toISOString().startsWith(text)) {
      return startOfDay(flag === '--until' ? utc + 86_400_000 : utc, timeZone);
    }
  }
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(text)) {
    const instant = new Date(text);
    if (!Number.isNaN(instant.getTime())) return instant;
  }
  throw new AgenttraceError({
    code: 'usage',
    message: `${flag} does not understand “${text}”.`,
    hint: 'Give a date such as 2026-01-31, a timestamp such as 2026-01-31T18:00:00Z, or a time back such as 7d, 24h or 2w.',
  });
}

/** The instant at which a calendar day begins in a time zone; the day is given as its midnight in UTC. */
function startOfDay(utcMidnight: number, timeZone: string): Date {
  let guess = utcMidnight - offsetMs(utcMidnight, timeZone);
  guess = utcMidnight - offsetMs(guess, timeZone);
  return new Date(guess);
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
  const local = Date.UTC(
    field('year'),
    field('month') - 1,
    field('day'),
    field('hour'),
    field('minute'),
    field('second'),
  );
  return local - Math.floor(instant / 1000) * 1000;
}
