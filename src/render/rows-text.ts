import type { Cell } from '../model/result.ts';

/** Rows as text, a portion at a time, so that none need be held: whatever comes first is in the first portion or the end. */
export interface RowsText {
  readonly some: (rows: readonly (readonly Cell[])[]) => string;
  readonly end: () => string;
}
