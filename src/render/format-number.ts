/** Digits of a whole number in groups of three: `12,345`. */
export function groupDigits(digits: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(digits) ?? [undefined, '', digits, ''];
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
}

/**
 * A decimal number, as text, rounded half away from zero to a number of places. Exact: no binary fraction comes near
 * the digits.
 */
export function roundDigits(digits: string, places: number): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(digits) ?? [];
  if (fraction.length <= places)
    return `${sign}${whole}${places > 0 ? `.${fraction.padEnd(places, '0')}` : ''}`;
  const kept = BigInt(`${whole}${fraction.slice(0, places)}`) + (fraction.charAt(places) >= '5' ? 1n : 0n);
  const text = kept.toString().padStart(places + 1, '0');
  const split = text.length - places;
  const rounded = places > 0 ? `${text.slice(0, split)}.${text.slice(split)}` : text;
  return kept === 0n ? rounded : `${sign}${rounded}`;
}

const SCALES = [
  ['T', 12],
  ['B', 9],
  ['M', 6],
  ['k', 3],
] as const;

/** A large number in at most five characters: `950`, `12.3k`, `1.2M`. */
export function compactNumber(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString();
  if (digits.length <= 3) return `${sign}${digits}`;
  for (const [unit, zeros] of SCALES) {
    // 999,950 rounds up to the next unit: 1.0M rather than 1000.0k.
    const scaled = roundDigits(shiftPoint(digits, zeros), 1);
    if (Number(scaled) < 1) continue;
    const short = Number(scaled) >= 100 ? roundDigits(shiftPoint(digits, zeros), 0) : scaled;
    return `${sign}${short}${unit}`;
  }
  return `${sign}${digits}`;
}

function shiftPoint(digits: string, places: number): string {
  const padded = digits.padStart(places + 1, '0');
  return `${padded.slice(0, padded.length - places)}.${padded.slice(padded.length - places)}`;
}

/**
 * An amount of USD from its digits: cents from one dollar on, four places below it (`$0.0025`), so that the cost of a
 * single call does not vanish.
 */
export function formatUsd(digits: string): string {
  const isNegative = digits.startsWith('-');
  const amount = isNegative ? digits.slice(1) : digits;
  const text = usdText(amount);
  return isNegative && text !== '$0.00' ? `-${text}` : text;
}

function usdText(amount: string): string {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d*))?$/.exec(amount) ?? [];
  if (whole === '') return amount;
  const exact = fraction.replace(/0+$/, '');
  const isBelowOne = /^0+$/.test(whole);
  if (isBelowOne && exact === '') return '$0.00';
  // A price such as 1.875 is exact with three places; a cost with more is rounded to cents.
  if (!isBelowOne) return `$${groupDigits(roundDigits(amount, exact.length === 3 ? 3 : 2))}`;
  const rounded = roundDigits(amount, 4);
  return Number(rounded) === 0 ? '<$0.0001' : `$${rounded}`;
}

/** A share from 0 to 1 in percent. What is not all is never shown as 100 %, nor what is something as 0 %. */
export function formatRatio(ratio: number): string {
  const percent = Math.round(ratio * 1000) / 10;
  if (ratio > 0 && percent === 0) return '<0.1%';
  if (ratio < 1 && percent === 100) return '99.9%';
  return percent === 0 || percent === 100 ? `${percent}%` : `${percent.toFixed(1)}%`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size in decimal units: `950 B`, `1.2 MB`. */
export function formatBytes(bytes: bigint): string {
  let rest = Number(bytes);
  let unit = 0;
  while (Math.abs(rest) >= 999.5 && unit < BYTE_UNITS.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const text = unit === 0 || Math.abs(rest) >= 99.95 ? Math.round(rest).toString() : rest.toFixed(1);
  return `${text} ${BYTE_UNITS[unit]}`;
}

/** A length of time from milliseconds: `850 ms`, `1.2 s`, `45 s`, `3m 20s`, `2h 40m`, `3d 4h`. */
export function formatDuration(ms: bigint): string {
  if (ms < 0n) return `-${formatDuration(-ms)}`;
  if (ms < 1000n) return `${ms} ms`;
  if (ms < 9950n) return `${roundDigits(shiftPoint(ms.toString(), 3), 1)} s`;
  const seconds = (ms + 500n) / 1000n;
  if (seconds < 60n) return `${seconds} s`;
  if (seconds < 3600n) return `${seconds / 60n}m ${pad(seconds % 60n)}s`;
  const minutes = (seconds + 30n) / 60n;
  if (minutes < 1440n) return `${minutes / 60n}h ${pad(minutes % 60n)}m`;
  const hours = (minutes + 30n) / 60n;
  return `${groupDigits((hours / 24n).toString())}d ${hours % 24n}h`;
}

const pad = (value: bigint): string => value.toString().padStart(2, '0');
