import type { Cell, ResultColumn } from '../model/result.ts';
import { digitsOf } from './format-cell.ts';
import type { TableView } from './grid.ts';
import { isZero } from './idle-columns.ts';
import { cellJson } from './json.ts';
import { isRightAligned, type Unit, unitOf } from './units.ts';

/** A column with how much it tells beside the others of its table. */
export interface WeighedColumn {
  /** Position in the table. */
  readonly index: number;
  readonly column: ResultColumn;
  readonly unit: Unit;
  /** Values as texts to compare; none and zero are both nothing. */
  readonly values: readonly string[];
  readonly isConstant: boolean;
  /** The lower, the sooner it goes where there is no room for all. */
  readonly worth: number;
}

/** What a column is worth by what it measures. */
const WORTH: Readonly<Record<Unit, number>> = {
  flag: 1,
  path: 3,
  percent: 4,
  bytes: 4,
  ms: 4,
  count: 4.5,
  number: 4.5,
  points: 4.5,
  rate: 4.5,
  day: 5,
  instant: 6,
  id: 6,
  text: 7,
  ratio: 8,
  tokens: 9,
  score: 10,
  status: 10,
  usd: 11,
};

/** What is worth less than this goes before anything is shortened that costs a reader something. */
export const IDLE = 1;

/** What rows are in the order of is what the table is about. */
const SORTED = 10;
/** How many there are, beside how many of them were left out. */
const OF_ALL = 4;
/** What went wrong is looked for. */
const FAILED = 2;
const FAILURES = /(^|_)(failure|critical)_count$/;
/** An agent that an id of the same row begins with. */
const AGENT_OF_ID = 1.5;
/** What alone tells rows apart. */
const NEEDED = 5;

/** Share of the rows from which a column says nearly the same in all. */
const NEARLY_ALL = 0.8;
/** Rows too few for a share of them to mean much. */
const FEW = 3;

export function weighColumns({ columns, rows }: TableView): readonly WeighedColumn[] {
  const cellsOf = (index: number): readonly Cell[] => rows.map((row) => row[index] ?? null);
  const plain = columns.map((column, index) => {
    const cells = cellsOf(index);
    return { index, column, unit: unitOf(column), cells, values: cells.map(comparable) };
  });
  const sorted = sortedBy(plain);
  const hasCost = plain.some(({ unit }) => unit === 'usd');
  const isQualifying = ({ column, values }: Measured): boolean =>
    hasCost && column.name.startsWith('unpriced_') && values.some((value) => value !== NOTHING);
  const isQualified = plain.some((measured) => isQualifying(measured) && isFrequent(measured));
  const worthOf = (measured: Measured): number => {
    const { index, column, unit, cells, values } = measured;
    const base = WORTH[unit] + (column.name.startsWith('total_') ? 0.5 : 0) - index / 1000;
    if (isConstant(cells)) return rows.length > FEW ? base - 100 : IDLE + base / 100;
    if (index === sorted) return base + SORTED;
    // A sum that leaves something out is not shown without how much.
    if (isQualifying(measured)) return WORTH.usd + base;
    if (isAgentOfId(measured, plain)) return AGENT_OF_ID;
    if (repeatsAnother(measured, plain)) return base - SORTED;
    const ofAll = isQualified && column.name === 'llm_call_count' ? OF_ALL : 0;
    return base + ofAll + (FAILURES.test(column.name) ? FAILED : 0) - sameness(values);
  };
  return plain.map((measured) => {
    const { index, column, unit, values, cells } = measured;
    return { index, column, unit, values, isConstant: isConstant(cells), worth: worthOf(measured) };
  });
}

/**
 * The column to leave out next, with what it is worth beside those that are left; undefined where only the first is. Of
 * equals the last one goes first, totals after parts.
 */
export function leastTelling(columns: readonly WeighedColumn[]): WeighedColumn | undefined {
  let least: WeighedColumn | undefined;
  for (const column of columns.slice(1).toSorted((a, b) => a.worth - b.worth)) {
    if (least !== undefined && least.worth <= column.worth) break;
    const worth = column.worth + (tellsApart(column, columns) ? NEEDED : 0);
    if (least === undefined || worth < least.worth) least = { ...column, worth };
  }
  return least;
}

interface Measured {
  readonly index: number;
  readonly column: ResultColumn;
  readonly unit: Unit;
  readonly cells: readonly Cell[];
  readonly values: readonly string[];
}

const NOTHING = '';

const comparable = (cell: Cell): string => (cell === null || isZero(cell) ? NOTHING : cellJson(cell));

function isConstant(cells: readonly Cell[]): boolean {
  const first = cellJson(cells[0] ?? null);
  return cells.length > 1 && cells.every((cell) => cellJson(cell) === first);
}

/** What to take off a column's worth for saying the same in most rows. */
function sameness(values: readonly string[]): number {
  if (values.length <= FEW) return 0;
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const share = Math.max(...counts.values()) / values.length;
  return share >= NEARLY_ALL ? 10 * share : Math.max(0, (share - 0.5) * 6);
}

/** Whether more than one row in twenty has a value. */
const isFrequent = ({ values }: Measured): boolean =>
  values.filter((value) => value !== NOTHING).length * 20 > values.length;

/** Whether an id of the same rows begins with what the column says. */
function isAgentOfId({ column, cells }: Measured, all: readonly Measured[]): boolean {
  if (column.name !== 'agent') return false;
  return all.some(
    ({ unit, cells: ids }) =>
      unit === 'id' &&
      ids.length > 0 &&
      ids.every((id, row) => String(id).startsWith(`${String(cells[row])}:`)),
  );
}

/** Whether a name or a time is that of a column before it, but for a few rows. */
function repeatsAnother({ index, unit, values }: Measured, all: readonly Measured[]): boolean {
  if (isRightAligned(unit) || values.length <= FEW) return false;
  return all.some((other) => {
    if (other.index >= index || isRightAligned(other.unit)) return false;
    const same = values.filter((value, row) => value !== NOTHING && value === other.values[row]);
    return same.length >= NEARLY_ALL * values.length;
  });
}

/** Whether rows would look alike without a name or a time that differ with it. */
function tellsApart(column: WeighedColumn, all: readonly WeighedColumn[]): boolean {
  const names = all.filter(({ unit }) => !isRightAligned(unit));
  if (!names.includes(column)) return false;
  return distinctRows(names.filter((name) => name !== column)) < 0.9 * distinctRows(names);
}

function distinctRows(columns: readonly WeighedColumn[]): number {
  const rows = columns[0]?.values.map((_, row) => columns.map(({ values }) => values[row]).join('\u0000'));
  return new Set(rows).size;
}

/** Position of the number or time whose order the rows are in; of several the one with most values. */
function sortedBy(columns: readonly Measured[]): number {
  let best = { index: -1, count: 1 };
  for (const { index, unit, cells } of columns) {
    if (!isRightAligned(unit) && unit !== 'instant' && unit !== 'day') continue;
    const numbers = cells.map(numberOf);
    const count = new Set(numbers).size;
    if (count > best.count && isInOrder(numbers)) best = { index, count };
  }
  return best.index;
}

/** Whether numbers rise or fall, those that are not known together at one end. */
function isInOrder(numbers: readonly (number | null)[]): boolean {
  const first = numbers.findIndex((value) => value !== null);
  const last = numbers.findLastIndex((value) => value !== null);
  if (first > 0 && last < numbers.length - 1) return false;
  const known = numbers.slice(first, last + 1);
  const isRising = (sign: number): boolean =>
    known.every((value, row) => {
      const before = row === 0 ? value : (known[row - 1] ?? null);
      return value !== null && before !== null && sign * (value - before) >= 0;
    });
  return isRising(1) || isRising(-1);
}

function numberOf(cell: Cell): number | null {
  if (cell === null) return null;
  const value = typeof cell === 'string' ? Date.parse(cell) : Number(digitsOf(cell) ?? Number.NaN);
  return Number.isNaN(value) ? null : value;
}
