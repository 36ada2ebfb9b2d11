import type { Cell, ResultColumn } from '../model/result.ts';
import { IDLE, leastTelling, type WeighedColumn, weighColumns } from './column-worth.ts';
import type { CellStyle } from './format-cell.ts';
import {
  fitGrid,
  type GridColumn,
  gridWidth,
  isCuttable,
  makeColumn,
  makeGrid,
  type TableView,
} from './grid.ts';
import type { PageStyle } from './page.ts';

export interface FittedTable {
  readonly grid: readonly GridColumn[];
  /** Columns that found no room. */
  readonly dropped: readonly ResultColumn[];
  /** Columns left out that say the same in every row, with what they say. */
  readonly constant: readonly { readonly column: ResultColumn; readonly cell: Cell }[];
}

/** What is shortened when a table is too wide, and the columns that a text keeps at least. */
interface Step {
  readonly style: Partial<CellStyle>;
  readonly leastText: number;
}

/** What costs a reader little, step by step; a later step includes those before it. */
const MILD_STEPS: readonly Step[] = [
  { style: {}, leastText: 24 },
  { style: { idLength: 'short' }, leastText: 20 },
  { style: { idLength: 'short', isCompact: true }, leastText: 14 },
  { style: { idLength: 'bare', isCompact: true }, leastText: 14 },
];

const STEPS: readonly Step[] = [
  ...MILD_STEPS,
  { style: { idLength: 'bare', isCompact: true, hasDaysOnly: true }, leastText: 12 },
];

/**
 * The table at a width: as little shortened as will do, and only then without its least telling columns. Columns that
 * tell next to nothing go before times lose their hours.
 */
export function fitTable(
  view: TableView,
  { style, width }: { style: PageStyle; width: number },
): FittedTable {
  const natural = makeGrid(view, style);
  if (gridWidth(natural) <= width) return { grid: natural, dropped: [], constant: [] };
  const layout = layoutOf(view, style);
  const out: WeighedColumn[] = [];
  let rest = weighColumns(view);
  for (;;) {
    const least = leastTelling(rest);
    for (const step of least !== undefined && least.worth < IDLE ? MILD_STEPS : STEPS) {
      const fit = (columns: readonly WeighedColumn[]): readonly GridColumn[] | undefined =>
        fitGrid(layout(columns, step), { width, leastText: step.leastText });
      const grid = fit(rest);
      if (grid !== undefined) return fitted(view, fillUp({ columns: rest, grid, out, fit }));
    }
    if (least === undefined) return { grid: natural, dropped: [], constant: [] };
    out.push(least);
    rest = rest.filter(({ index }) => index !== least.index);
  }
}

interface Chosen {
  readonly grid: readonly GridColumn[];
  readonly out: readonly WeighedColumn[];
}

function fitted(view: TableView, { grid, out }: Chosen): FittedTable {
  const inOrder = out.toSorted((a, b) => a.index - b.index);
  return {
    grid,
    dropped: inOrder.filter(({ isConstant }) => !isConstant).map(({ column }) => column),
    constant: inOrder
      .filter(({ isConstant }) => isConstant)
      .map(({ column, index }) => ({ column, cell: view.rows[0]?.[index] ?? null })),
  };
}

interface Fitting extends Chosen {
  readonly columns: readonly WeighedColumn[];
  readonly fit: (columns: readonly WeighedColumn[]) => readonly GridColumn[] | undefined;
}

/** With columns that were left out and find room after all, since a wider one went after them. */
function fillUp({ columns, grid, out, fit }: Fitting): Chosen {
  let chosen = { columns, grid };
  for (const column of out.toSorted((a, b) => b.worth - a.worth)) {
    if (column.isConstant) continue;
    const more = [...chosen.columns, column].toSorted((a, b) => a.index - b.index);
    const wider = fit(more);
    const place = more.indexOf(column);
    if (wider !== undefined && !cutsMore(wider.toSpliced(place, 1), chosen.grid))
      chosen = { columns: more, grid: wider };
  }
  return { grid: chosen.grid, out: out.filter((column) => !chosen.columns.includes(column)) };
}

const cutsMore = (grid: readonly GridColumn[], before: readonly GridColumn[]): boolean =>
  grid.some(({ unit, width }, index) => isCuttable(unit) && width < (before[index]?.width ?? 0));

/** Columns as a step writes them, each made once. */
function layoutOf(
  view: TableView,
  style: PageStyle,
): (columns: readonly WeighedColumn[], step: Step) => readonly GridColumn[] {
  const made = new Map<string, GridColumn>();
  const hasAgent = view.columns.some(({ name }) => name === 'agent');
  const columnOf = (index: number, changes: Partial<CellStyle>): GridColumn => {
    const key = JSON.stringify([index, changes]);
    const column = made.get(key) ?? makeColumn(view, { index, style: { ...style, ...changes } });
    made.set(key, column);
    return column;
  };
  return (columns, step) => {
    // Beside a column with the agent, no id begins with it.
    const changes: Partial<CellStyle> =
      hasAgent && step.style.idLength === 'short' ? { ...step.style, idLength: 'bare' } : step.style;
    const grid = columns.map(({ index }) => columnOf(index, changes));
    if (changes.hasDaysOnly !== true) return grid;
    return columns.map(({ index }, place) => {
      const column = columnOf(index, changes);
      const isOneOf = grid.some((other, at) => at !== place && isSameDay(column, other));
      return isOneOf ? columnOf(index, { ...changes, hasDaysOnly: false }) : column;
    });
  };
}

/** Whether two times are of one day in nearly every row, so that their hours are what tells them apart. */
function isSameDay(column: GridColumn, other: GridColumn): boolean {
  if (column.unit !== 'instant' || other.unit !== 'instant') return false;
  const same = column.texts.filter((text, row) => text === other.texts[row]);
  return same.length >= 0.8 * column.texts.length;
}
