import type { Cell, ResultColumn } from '../model/result.ts';
import { isBetterInMiddle, leastOfNames } from './cut-names.ts';
import { digitsOf, formatUnit, UNKNOWN } from './format-cell.ts';
import { labelFor } from './labels.ts';
import type { PageStyle } from './page.ts';
import { leastId } from './short-id.ts';
import type { Theme } from './theme.ts';
import { isRightAligned, type Unit, unitOf } from './units.ts';
import { textWidth, wrapText } from './width.ts';

/** Rows to lay out as a table. */
export interface TableView {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Headings by column name; others are made from the name. */
  readonly labels?: ReadonlyMap<string, string>;
  /** Said in place of a table without rows. */
  readonly emptyText?: string | null;
}

/** A column ready to be printed: its texts, and the width that they get. */
export interface GridColumn {
  readonly unit: Unit;
  readonly heading: readonly string[];
  readonly texts: readonly string[];
  readonly cells: readonly Cell[];
  readonly width: number;
  /** Whether a text that is too long loses its middle rather than its end. */
  readonly hasMiddleCut: boolean;
}

export const GAP = '  ';

/** Columns at their natural width. */
export function makeGrid(view: TableView, style: PageStyle): readonly GridColumn[] {
  return view.columns.map((_, index) => makeColumn(view, { index, style }));
}

export function makeColumn(
  view: TableView,
  { index, style }: { readonly index: number; readonly style: PageStyle },
): GridColumn {
  const column = view.columns[index] ?? { name: '', type: 'VARCHAR' };
  const unit = unitOf(column);
  const cells = view.rows.map((row) => row[index] ?? null);
  const texts = cells.map((cell) => formatUnit(cell, unit, style));
  return sized({
    unit,
    heading: [headingOf(view, column)],
    texts,
    cells,
    width: 0,
    hasMiddleCut: unit === 'path',
  });
}

export const headingOf = ({ labels }: Pick<TableView, 'labels'>, { name }: ResultColumn): string =>
  labels?.get(name) ?? labelFor(name);

/**
 * The columns fitted to a width: headings break at their spaces, then texts are cut, the widest first. Numbers,
 * dates and states are never cut, ids no shorter than can be pasted, and what rows are named by no shorter than tells
 * them apart. Undefined where even that does not fit.
 */
export function fitGrid(
  grid: readonly GridColumn[],
  { width, leastText }: { readonly width: number; readonly leastText: number },
): readonly GridColumn[] | undefined {
  if (gridWidth(grid) <= width) return grid;
  const broken = grid.map(breakHeading);
  const widths = broken.map((column) => column.width);
  const least = broken.map((column, index) => minimum(column, { leastText, isKey: index === 0 }));
  // An id says no more when it is longer, so ids are cut before texts.
  const firstCut = (canShrink: (index: number) => boolean): number => {
    const open = broken.flatMap(({ unit }, index) => (canShrink(index) ? [{ unit, index }] : []));
    const ids = open.filter(({ unit }) => unit === 'id');
    return (ids.length > 0 ? ids : open).reduce(
      (best, { index }) => (best < 0 || (widths[index] ?? 0) > (widths[best] ?? 0) ? index : best),
      -1,
    );
  };
  let excess = gridWidth(broken) - width;
  while (excess > 0) {
    const widest = firstCut((index) => (widths[index] ?? 0) > (least[index] ?? 0));
    if (widest < 0) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return broken.map((column, index) => withCut({ ...column, width: widths[index] ?? column.width }));
}

export const gridWidth = (grid: readonly GridColumn[]): number =>
  grid.reduce((sum, { width }) => sum + width, 0) + GAP.length * Math.max(0, grid.length - 1);

export const isCuttable = (unit: Unit): boolean => unit === 'text' || unit === 'path' || unit === 'id';

const headingWidth = (heading: readonly string[]): number => Math.max(0, ...heading.map(textWidth));

const sized = (column: GridColumn): GridColumn => ({
  ...column,
  width: column.texts.reduce((most, text) => Math.max(most, textWidth(text)), headingWidth(column.heading)),
});

interface Least {
  readonly leastText: number;
  readonly isKey: boolean;
}

/** What the names of rows keep more than other texts. */
const KEY_EXTRA = 4;

function minimum(column: GridColumn, { leastText, isKey }: Least): number {
  const least = (): number => {
    if (column.unit === 'id')
      return column.texts.reduce(
        (most, text, row) => Math.max(most, leastId(text, String(column.cells[row]))),
        0,
      );
    return isKey ? leastOfNames(column.texts, leastText + KEY_EXTRA) : leastText;
  };
  return isCuttable(column.unit) ? Math.max(headingWidth(column.heading), least()) : column.width;
}

/** Names that look alike when their ends are cut lose their middles. */
const withCut = (column: GridColumn): GridColumn =>
  column.unit === 'text' && isBetterInMiddle(column.texts, column.width)
    ? { ...column, hasMiddleCut: true }
    : column;

function breakHeading(column: GridColumn): GridColumn {
  const words = column.heading.flatMap((line) => line.split(' '));
  const textsWidth = column.texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
  const width = Math.max(textsWidth, headingWidth(words));
  return sized({ ...column, heading: wrapText(words.join(' '), width) });
}

/** The colour of a value: of states and scores by how good they are, of what is not known faint. */
export function toneOf({
  unit,
  cell,
  theme,
}: {
  unit: Unit;
  cell: Cell;
  theme: Theme;
}): (text: string) => string {
  if (cell === null) return theme.faint;
  if (unit === 'score') {
    const score = Number(digitsOf(cell) ?? Number.NaN);
    return score >= 80 ? theme.good : score >= 50 ? theme.fair : theme.bad;
  }
  if (unit === 'status') {
    if (cell === 'critical' || cell === 'high') return theme.bad;
    if (cell === 'warning' || cell === 'medium') return theme.fair;
    return cell === 'healthy' ? theme.good : theme.faint;
  }
  return (text) => (text === UNKNOWN ? theme.faint(text) : text);
}

export { isRightAligned };
