import type { Cell, ResultColumn } from '../model/result.ts';
import { fitGrid, type GridColumn, gridWidth, makeGrid, type TableView } from './grid.ts';
import { cellJson } from './json.ts';
import type { PageStyle } from './page.ts';
import { type Unit, unitOf } from './units.ts';

export interface FittedTable {
  readonly grid: readonly GridColumn[];
  /** Columns that found no room. */
  readonly dropped: readonly ResultColumn[];
  /** Columns left out that say the same in every row, with what they say. */
  readonly constant: readonly { readonly column: ResultColumn; readonly cell: Cell }[];
}

/** What is shortened when a table is too wide, step by step; a later step includes those before it. */
const STEPS: readonly { readonly style: Partial<PageStyle>; readonly leastText: number }[] = [
  { style: {}, leastText: 24 },
  { style: { idLength: 'short' }, leastText: 20 },
  { style: { idLength: 'short', isCompact: true }, leastText: 14 },
  { style: { idLength: 'bare', isCompact: true }, leastText: 14 },
  { style: { idLength: 'bare', isCompact: true, hasDaysOnly: true }, leastText: 10 },
];

/** The table at a width: as little shortened as will do, and only then without its least telling columns. */
export function fitTable(
  view: TableView,
  { style, width }: { style: PageStyle; width: number },
): FittedTable {
  const natural = makeGrid(view, style);
  if (gridWidth(natural) <= width) return { grid: natural, dropped: [], constant: [] };
  const dropped: ResultColumn[] = [];
  const constant: { readonly column: ResultColumn; readonly cell: Cell }[] = [];
  let rest = view;
  for (;;) {
    for (const step of STEPS) {
      const grid = fitGrid(makeGrid(rest, { ...style, ...step.style }), { width, leastText: step.leastText });
      if (grid !== undefined) return { grid, dropped, constant };
    }
    const least = leastTelling(rest);
    const column = rest.columns[least];
    if (column === undefined) return { grid: natural, dropped: [], constant: [] };
    if (isConstant(rest, least)) constant.unshift({ column, cell: rest.rows[0]?.[least] ?? null });
    else dropped.unshift(column);
    rest = withoutColumn(rest, least);
  }
}

/** The lower, the sooner a column goes when there is no room for all. */
const WORTH: Readonly<Record<Unit, number>> = {
  flag: 1,
  count: 2,
  number: 2,
  points: 2,
  rate: 2,
  path: 3,
  percent: 4,
  bytes: 4,
  day: 5,
  ms: 5,
  instant: 6,
  id: 6,
  text: 7,
  ratio: 8,
  tokens: 9,
  score: 10,
  status: 10,
  usd: 11,
};

/**
 * Position of the column to leave out; -1 where only the first is left. What is the same in every row goes first; of
 * equals the last one, totals after parts.
 */
function leastTelling(view: TableView): number {
  const worth = (index: number): number => {
    const column = view.columns[index];
    if (column === undefined) return Number.POSITIVE_INFINITY;
    const isTotal = column.name.startsWith('total_');
    return WORTH[unitOf(column)] + (isTotal ? 0.5 : 0) - index / 1000 - (isConstant(view, index) ? 100 : 0);
  };
  let least = -1;
  for (let index = 1; index < view.columns.length; index += 1) {
    if (least < 0 || worth(index) < worth(least)) least = index;
  }
  return least;
}

function isConstant({ rows }: TableView, index: number): boolean {
  const text = (row: readonly Cell[] | undefined): string => cellJson(row?.[index] ?? null);
  return rows.length > 1 && rows.every((row) => text(row) === text(rows[0]));
}

function withoutColumn(view: TableView, index: number): TableView {
  const isKept = (_: unknown, position: number): boolean => position !== index;
  return { ...view, columns: view.columns.filter(isKept), rows: view.rows.map((row) => row.filter(isKept)) };
}
