import type { CellStyle } from './format-cell.ts';

/** How an answer is laid out for people. */
export interface PageStyle extends CellStyle {
  /** Columns of the terminal; null in a pipe, where nothing is cut. */
  readonly width: number | null;
  readonly hasColor: boolean;
}

/** Width of what has no natural one, such as tiles, when there is no terminal. */
export const PIPE_WIDTH = 100;
