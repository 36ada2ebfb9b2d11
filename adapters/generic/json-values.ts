import { isRecord } from '../../src/model/first-records.ts';
import { isoTime } from '../../src/read/iso-time.ts';

export type Values = Readonly<Record<string, unknown>>;

export const recordOf = (value: unknown): Values | undefined => (isRecord(value) ? value : undefined);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const recordsOf = (value: unknown): readonly Values[] => listOf(value).filter(isRecord);
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A count, written as a number or, as in protobuf's JSON, as a string. */
export function countOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** An ISO time, or seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */
export function instantOf(value: unknown): string | undefined {
  if (typeof value === 'string' && !/^\d+(?:\.\d+)?$/.test(value))
    return /^\d{4}-/.test(value) ? isoTime(Date.parse(value)) : undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) return undefined;
  const scale = number < 1e11 ? 1000 : number < 1e14 ? 1 : number < 1e17 ? 1e-3 : 1e-6;
  return isoTime(Math.round(number * scale));
}

/** The text of a string, or JSON of anything else. */
export const wordsOf = (value: unknown): string | undefined =>
  value === undefined || value === null
    ? undefined
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

export function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
