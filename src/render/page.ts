import type { CellStyle } from './format-cell.ts';

/** How an answer is laid out for people. */
export interface PageStyle extends CellStyle {
  /** Columns of the terminal; null in a pipe, where nothing is cut. */
  readonly width: number | null;
  /** Lines of the terminal, which a page's details may fill; null or left out: as many as it takes. */
  readonly height?: number | null;
  readonly hasColor: boolean;
}

/** Width of what has no natural one, such as tiles, when there is no terminal. */
export const PIPE_WIDTH = 100;
