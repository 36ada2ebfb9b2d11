export interface TimeStyle {
  readonly timeZone: string;
  /** Whether seconds, and fractions where there are any, are shown. */
  readonly isPrecise: boolean;
}

/** An instant (ISO 8601 in UTC) as a clock in the time zone shows it: `2026-01-31 18:04`. */
export function formatInstant(iso: string, { timeZone, isPrecise }: TimeStyle): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const [minute, second] = timeZone === 'UTC' ? clockInUtc(date) : clockIn(timeZone, date);
  if (!isPrecise) return minute;
  const fraction = /\.(\d+)Z?$/.exec(iso)?.[1]?.replace(/0+$/, '') ?? '';
  return `${minute}:${second}${fraction === '' ? '' : `.${fraction}`}`;
}

type Clock = readonly [minute: string, second: string];

/** As `clockIn`, without the time that the first clock of a process takes to make. */
function clockInUtc(date: Date): Clock {
  const [day = '', time = ''] = date.toISOString().split('T');
  // Years beyond 9999 are written in another way.
  if (day.length !== 10) return clockIn('UTC', date);
  return [`${day} ${time.slice(0, 5)}`, time.slice(6, 8)];
}

function clockIn(timeZone: string, date: Date): Clock {
  const parts = Object.fromEntries(
    formatter(timeZone)
      .formatToParts(date)
      .map(({ type, value }) => [type, value]),
  );
  const day = `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}`;
  return [`${day} ${parts.hour}:${parts.minute}`, parts.second ?? ''];
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let made = formatters.get(timeZone);
  if (made === undefined) {
    made = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, made);
  }
  return made;
}
