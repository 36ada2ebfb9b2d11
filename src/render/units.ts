import type { ResultColumn } from '../model/result.ts';

/** What a column's values measure: its name's suffix says it, else its type. */
export type Unit =
  | 'tokens'
  | 'count'
  | 'usd'
  | 'ms'
  | 'bytes'
  | 'ratio'
  | 'percent'
  | 'score'
  | 'points'
  | 'rate'
  | 'instant'
  | 'day'
  | 'number'
  | 'flag'
  | 'status'
  | 'path'
  | 'id'
  | 'text';

const SUFFIXES: readonly (readonly [RegExp, Unit])[] = [
  [/(^|_)tokens$/, 'tokens'],
  [/(^|_)(count|number)$/, 'count'],
  [/(^|_)usd(_per_million)?$/, 'usd'],
  [/_per_second$/, 'rate'],
  [/_ms$/, 'ms'],
  [/_bytes$/, 'bytes'],
  [/_ratio$/, 'ratio'],
  [/_percent$/, 'percent'],
  [/(^|_)health_(score|mean)$/, 'score'],
  [/(^|_)health_(change|margin)$/, 'points'],
  [/_at$/, 'instant'],
  [/_on$/, 'day'],
  [/^(is|has)_/, 'flag'],
  [/(^|_)(health_status|severity)$/, 'status'],
  [/(^|_)(path|cwd)$/, 'path'],
  [/_id$/, 'id'],
];

/** Keys of the overview that keep another tool's names, which carry no suffix. */
const OLD_NAMES: Readonly<Record<string, Unit>> = {
  cost: 'usd',
  total_cost: 'usd',
  health: 'score',
  avg_health: 'score',
  tool_fail_rate: 'percent',
  sessions: 'count',
  total_sessions: 'count',
};

const NUMERIC = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U[A-Z]*INT[A-Z]*|FLOAT|DOUBLE|DECIMAL.*|BIGNUM)$/;

/** The unit of a column. A suffix counts only where the type can carry it: `select 'x' as a_usd` is text. */
export function unitOf({ name, type }: ResultColumn): Unit {
  const isNumeric = NUMERIC.test(type);
  const byName = OLD_NAMES[name] ?? SUFFIXES.find(([pattern]) => pattern.test(name))?.[1];
  if (isNumeric) return byName !== undefined && isNumericUnit(byName) ? byName : 'number';
  if (type.startsWith('TIMESTAMP')) return 'instant';
  if (type === 'DATE') return 'day';
  if (type === 'BOOLEAN') return 'flag';
  if (byName !== undefined && !isNumericUnit(byName) && byName !== 'instant') return byName;
  return 'text';
}

const isNumericUnit = (unit: Unit): boolean =>
  ['tokens', 'count', 'usd', 'ms', 'bytes', 'ratio', 'percent', 'score', 'points', 'rate'].includes(unit);

/** Units whose values are compared digit by digit, and so stand to the right and are never cut. */
export const isRightAligned = (unit: Unit): boolean => isNumericUnit(unit) || unit === 'number';
