import type { ResultColumn } from '../model/result.ts';
import { type Unit, unitOf } from '../render/units.ts';

const NAMES: Readonly<Record<Unit, string | null>> = {
  tokens: 'tokens',
  count: 'count',
  usd: 'USD',
  ms: 'milliseconds',
  bytes: 'bytes',
  ratio: '0 to 1',
  percent: 'percent',
  score: '0 to 100',
  points: 'points',
  rate: 'per second',
  instant: 'UTC',
  day: 'day',
  number: null,
  flag: null,
  status: null,
  path: 'path',
  id: null,
  text: null,
};

/** The unit of a column in words; null where it has none. */
export function unitName(column: ResultColumn): string | null {
  return column.name.endsWith('usd_per_million') ? 'USD per million tokens' : NAMES[unitOf(column)];
}
