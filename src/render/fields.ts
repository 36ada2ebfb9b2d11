import { type Cell, isDecimal, type ResultColumn } from '../model/result.ts';

/** Whether a value is a STRUCT. */
export const isRecord = (cell: Cell): cell is { readonly [key: string]: Cell } =>
  typeof cell === 'object' && cell !== null && !Array.isArray(cell) && !isDecimal(cell);

/** A field of a STRUCT; NULL where there is none. */
export const fieldOf = (cell: Cell, name: string): Cell => (isRecord(cell) ? (cell[name] ?? null) : null);

/** A LIST of STRUCT as the rows of a table. */
export const rowsOf = (
  cells: readonly Cell[],
  columns: readonly ResultColumn[],
): readonly (readonly Cell[])[] => cells.map((cell) => columns.map(({ name }) => fieldOf(cell, name)));
