/** Rows of an answer, free of any driver's value classes, so that rendering needs nothing but this file. */

/** An exact decimal number, as its digits. */
export interface DecimalCell {
  readonly decimal: string;
}

/**
 * One value: NULL, boolean, DOUBLE as number, integers as bigint, DECIMAL with every digit, and everything else
 * as text: timestamps ISO 8601 in UTC with `Z`, dates `YYYY-MM-DD`, intervals ISO 8601. Lists and structs nest.
 */
export type Cell =
  | null
  | boolean
  | number
  | bigint
  | string
  | DecimalCell
  | readonly Cell[]
  | { readonly [key: string]: Cell };

export interface ResultColumn {
  readonly name: string;
  /** DuckDB's name of the type, such as `BIGINT`, `DECIMAL(18,9)` or `STRUCT(a INTEGER)[]`. */
  readonly type: string;
}

export interface ResultSet {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

export const isDecimal = (cell: Cell): cell is DecimalCell =>
  typeof cell === 'object' &&
  cell !== null &&
  !Array.isArray(cell) &&
  typeof (cell as DecimalCell).decimal === 'string' &&
  Object.keys(cell).length === 1;
