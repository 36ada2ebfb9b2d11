import type { Cell, ResultColumn } from '../model/result.ts';
import { digitsOf } from './format-cell.ts';
import type { TableView } from './grid.ts';
import { unitOf } from './units.ts';

/** Counts of what is not usual: worth a column only when it happened. */
export const EXCEPTIONAL = /^(unpriced|subagent|estimated|rejected|vanished|refused|interrupted)_/;

/** A table of a page without the columns that tell nothing there: no value, no exception, or what another one says. */
export function dropIdleColumns(view: TableView): TableView {
  const { columns, rows } = view;
  const cellsOf = (index: number): readonly Cell[] => rows.map((row) => row[index] ?? null);
  const isNumbered = columns.some(({ name }) => name.endsWith('_number'));
  const isIdle = (column: ResultColumn, index: number): boolean => {
    if (index === 0) return isNumbered && column.name.endsWith('_id');
    const cells = cellsOf(index);
    if (cells.every((cell) => cell === null)) return true;
    if (EXCEPTIONAL.test(column.name) && cells.every(isZero)) return true;
    const unit = unitOf(column);
    if (unit !== 'usd') return false;
    return columns.some(
      (other, before) =>
        before < index &&
        unitOf(other) === unit &&
        cellsOf(before).every((cell, row) => textOf(cell) === textOf(cells[row] ?? null)),
    );
  };
  const kept = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column, index }) => !isIdle(column, index));
  return {
    ...view,
    columns: kept.map(({ column }) => column),
    rows: rows.map((row) => kept.map(({ index }) => row[index] ?? null)),
  };
}

export const isZero = (cell: Cell): boolean => {
  const digits = digitsOf(cell);
  return digits !== undefined && Number(digits) === 0;
};

const textOf = (cell: Cell): string => digitsOf(cell) ?? String(cell);
