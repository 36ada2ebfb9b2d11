import { type Cell, isDecimal, type ResultColumn } from '../model/result.ts';
import { cleanText } from './clean-text.ts';
import {
  compactNumber,
  formatBytes,
  formatDuration,
  formatRatio,
  formatUsd,
  groupDigits,
  roundDigits,
} from './format-number.ts';
import { formatInstant, type TimeStyle } from './format-time.ts';
import { cellJson } from './json.ts';
import { bareId, shortId } from './short-id.ts';
import { type Unit, unitOf } from './units.ts';

/** What stands for a value that is not known. */
export const UNKNOWN = '–';

export interface CellStyle extends TimeStyle {
  /** Large counts of tokens as `1.2M`. */
  readonly isCompact: boolean;
  /** Ids without the end of their UUID; `bare` also without their agent. */
  readonly idLength?: 'full' | 'short' | 'bare';
  /** Instants as their day. */
  readonly hasDaysOnly?: boolean;
}

/** A value as people read it, by the unit of its column. */
export function formatCell(cell: Cell, column: ResultColumn, style: CellStyle): string {
  return formatUnit(cell, unitOf(column), style);
}

/** A value as people read it, of a unit that is known. */
export function formatUnit(cell: Cell, unit: Unit, style: CellStyle): string {
  if (cell === null) return UNKNOWN;
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'string') {
    return formatText(cell, unit, style);
  }
  if (typeof cell === 'number' && !Number.isFinite(cell)) return UNKNOWN;
  const digits = digitsOf(cell);
  if (digits === undefined) return cleanText(listText(cell));
  return formatDigits(digits, unit, style);
}

function formatText(text: string, unit: Unit, style: CellStyle): string {
  if (unit === 'instant') {
    const clock = /T.*Z$/.test(text) ? formatInstant(text, style) : cleanText(text.replace('T', ' '));
    return style.hasDaysOnly === true ? clock.slice(0, 10) : clock;
  }
  const clean = cleanText(text);
  if (unit !== 'id' || style.idLength === undefined || style.idLength === 'full') return clean;
  return style.idLength === 'short' ? shortId(clean) : bareId(clean);
}

function formatDigits(digits: string, unit: Unit, { isCompact }: CellStyle): string {
  switch (unit) {
    case 'tokens':
      return isCompact ? compactNumber(BigInt(roundDigits(digits, 0))) : groupDigits(digits);
    case 'usd':
      return formatUsd(digits);
    case 'ms':
      return formatDuration(BigInt(roundDigits(digits, 0)));
    case 'bytes':
      return formatBytes(BigInt(roundDigits(digits, 0)));
    case 'ratio':
      return formatRatio(Number(digits));
    case 'percent':
      return formatRatio(Number(digits) / 100);
    case 'score':
    case 'points':
    case 'rate':
      return trimZeros(roundDigits(digits, 1));
    default:
      return groupDigits(digits.includes('.') ? trimZeros(digits) : digits);
  }
}

/** Digits of any number, never in exponent form; undefined for a list or a struct. */
export function digitsOf(cell: Cell): string | undefined {
  if (typeof cell === 'bigint') return cell.toString();
  if (typeof cell === 'number') {
    if (Number.isInteger(cell)) return BigInt(cell).toString();
    const text = String(cell);
    return text.includes('e') ? cell.toFixed(12).replace(/0+$/, '') : text;
  }
  return isDecimal(cell) ? cell.decimal : undefined;
}

const trimZeros = (digits: string): string => digits.replace(/\.?0+$/, '');

/** A list of words is shown as words, one of sentences with more between them; anything deeper as JSON. */
function listText(cell: Cell): string {
  if (Array.isArray(cell) && cell.every((item) => item === null || typeof item === 'string'))
    return cell.map((item) => item ?? '–').join(cell.some((item) => item?.includes(' ')) ? ' · ' : ', ');
  return cellJson(cell);
}
