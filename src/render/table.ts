import { bar } from './bars.ts';
import { digitsOf } from './format-cell.ts';
import {
  fitGrid,
  GAP,
  type GridColumn,
  gridWidth,
  isRightAligned,
  makeGrid,
  type TableView,
  toneOf,
} from './grid.ts';
import type { PageStyle } from './page.ts';
import { type Theme, themeFor } from './theme.ts';
import { cutMiddle, cutText, padEnd, padStart, textWidth } from './width.ts';

/**
 * Rows as a table, each line ending in a line feed.
 *
 * On a terminal it fits the width: large token counts become short, headings break, texts are cut. Rows with more
 * columns than fit even so are written one value a line. In a pipe nothing is cut.
 */
export function renderTable(view: TableView, style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  if (view.rows.length === 0) return `${theme.faint(view.emptyText ?? 'No rows.')}\n`;
  const natural = makeGrid(view, style);
  if (style.width === null) return printGrid(natural, theme);
  const fitting =
    gridWidth(natural) <= style.width
      ? natural
      : (fitGrid(natural, style.width) ??
        fitGrid(makeGrid(view, { ...style, isCompact: true }), style.width));
  return fitting === undefined ? renderRecords(view, style) : printGrid(fitting, theme);
}

/** Rows as a table with a bar behind each that shows its share of a column's total. Where no bar fits, without. */
export function renderShareTable(view: TableView, { by, style }: { by: number; style: PageStyle }): string {
  const values = view.rows.map((row) => Number(digitsOf(row[by] ?? null) ?? 0));
  const total = values.reduce((sum, value) => sum + value, 0);
  const room = (style.width ?? Number.POSITIVE_INFINITY) - gridWidth(makeGrid(view, style)) - GAP.length;
  const table = renderTable(view, style);
  if (view.rows.length < 2 || total <= 0 || room < 8) return table;
  const theme = themeFor(style.hasColor);
  const most = Math.max(...values);
  const width = Math.min(24, room);
  const lines = table.split('\n');
  return lines
    .map((line, index) => {
      const value = values[index - 2];
      return value === undefined || value <= 0 ? line : `${line}${GAP}${theme.bar(bar(value / most, width))}`;
    })
    .join('\n');
}

function printGrid(grid: readonly GridColumn[], theme: Theme): string {
  const headingHeight = Math.max(...grid.map(({ heading }) => heading.length));
  const lines: string[] = [];
  for (let line = 0; line < headingHeight; line += 1) {
    lines.push(
      joinCells(
        grid.map((column, index) => {
          const text = column.heading[line - (headingHeight - column.heading.length)] ?? '';
          return theme.strong(place({ text, column, isLast: index === grid.length - 1 }));
        }),
      ),
    );
  }
  lines.push(theme.faint(grid.map(({ width }) => '─'.repeat(width)).join(GAP)));
  const rowCount = grid[0]?.texts.length ?? 0;
  for (let row = 0; row < rowCount; row += 1) {
    lines.push(
      joinCells(
        grid.map((column, index) => {
          const tone = toneOf({ unit: column.unit, cell: column.cells[row] ?? null, theme });
          return tone(place({ text: column.texts[row] ?? '', column, isLast: index === grid.length - 1 }));
        }),
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

const joinCells = (cells: readonly string[]): string => cells.join(GAP).trimEnd();

function place({ text, column, isLast }: { text: string; column: GridColumn; isLast: boolean }): string {
  const cut = column.unit === 'path' ? cutMiddle(text, column.width) : cutText(text, column.width);
  if (isRightAligned(column.unit)) return padStart(cut, column.width);
  return isLast ? cut : padEnd(cut, column.width);
}

/** One value a line, for rows too wide for any table. */
function renderRecords(view: TableView, style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const grid = makeGrid(view, style);
  const nameWidth = Math.max(...view.columns.map(({ name }) => textWidth(name)));
  const valueWidth = Math.max(20, (style.width ?? Number.POSITIVE_INFINITY) - nameWidth - GAP.length);
  return view.rows
    .map((_, row) => {
      const lines = grid.map((column, index) => {
        const text = column.texts[row] ?? '';
        const cut = column.unit === 'path' ? cutMiddle(text, valueWidth) : cutText(text, valueWidth);
        const tone = toneOf({ unit: column.unit, cell: column.cells[row] ?? null, theme });
        return `${theme.faint(padEnd(view.columns[index]?.name ?? '', nameWidth))}${GAP}${tone(cut)}\n`;
      });
      return `${theme.strong(`row ${row + 1}`)}\n${lines.join('')}`;
    })
    .join('\n');
}
