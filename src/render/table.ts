import type { ResultColumn } from '../model/result.ts';
import { bar } from './bars.ts';
import { fitTable } from './fit-table.ts';
import { digitsOf, formatCell } from './format-cell.ts';
import {
  GAP,
  type GridColumn,
  gridWidth,
  headingOf,
  isRightAligned,
  makeGrid,
  type TableView,
  toneOf,
} from './grid.ts';
import { type PageStyle, PIPE_WIDTH } from './page.ts';
import { type Theme, themeFor } from './theme.ts';
import { cutMiddle, cutText, padEnd, padStart, textWidth, wrapText } from './width.ts';

/** Rows so few that a value a line reads better than columns left out. */
const FEW_ROWS = 3;

/**
 * Rows as a table, each line ending in a line feed.
 *
 * On a terminal it fits the width: ids and large token counts become short, headings break, texts are cut, and where
 * that is not enough the least telling columns are left out and named below. In a pipe nothing is cut.
 */
export function renderTable(view: TableView, style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  if (view.rows.length === 0) return `${theme.faint(view.emptyText ?? 'No rows.')}\n`;
  if (style.width === null) return printGrid(makeGrid(view, style), theme);
  const { grid, dropped, constant } = fitTable(view, { style, width: style.width });
  if (dropped.length + constant.length === 0) return printGrid(grid, theme);
  if (dropped.length > 0 && view.rows.length <= FEW_ROWS) return renderRecords(view, style);
  const labelOf = (column: ResultColumn): string => headingOf(view, column);
  const same = constant.map(({ column, cell }) => `${labelOf(column)} ${formatCell(cell, column, style)}`);
  const notes = [
    same.length === 0 ? '' : `In every row: ${same.join(', ').replace(/\.$/, '')}.`,
    dropped.length === 0
      ? ''
      : `Too narrow for: ${dropped.map(labelOf).join(', ')}. A wider terminal or -f csv has all.`,
  ];
  const lines = notes
    .filter((text) => text !== '')
    .flatMap((text) => wrapText(text, style.width ?? PIPE_WIDTH));
  return `${printGrid(grid, theme)}${lines.map((line) => `${theme.faint(line)}\n`).join('')}`;
}

/**
 * Rows as a table of a page, which leaves out what does not fit and breaks a last text that is too long, with a bar behind each row that shows its share of
 * the largest where there is room.
 */
export function renderPageTable(
  view: TableView,
  { barsBy, style }: { barsBy: number; style: PageStyle },
): string {
  const theme = themeFor(style.hasColor);
  const page = { ...style, idLength: 'short' as const };
  const grid =
    style.width === null ? makeGrid(view, page) : fitTable(view, { style: page, width: style.width }).grid;
  const table = printGrid(grid, theme, MOST_LINES);
  const values = view.rows.map((row) => Number(digitsOf(row[barsBy] ?? null) ?? 0));
  const most = Math.max(0, ...values);
  const width = Math.min(MOST_BAR, (style.width ?? Number.POSITIVE_INFINITY) - gridWidth(grid) - GAP.length);
  if (barsBy < 0 || view.rows.length < 2 || most <= 0 || width < LEAST_BAR) return table;
  const headingHeight = Math.max(...grid.map(({ heading }) => heading.length)) + 1;
  return table
    .split('\n')
    .map((line, index) => {
      const value = values[index - headingHeight] ?? 0;
      return value > 0 ? `${line}${GAP}${theme.bar(bar(value / most, width))}` : line;
    })
    .join('\n');
}

const MOST_BAR = 16;
const LEAST_BAR = 6;

/** Lines that the last text of a row may take, in a page. */
const MOST_LINES = 4;

/** The rows under their headings; `lastLines` is how many lines a text in the last column may take. */
function printGrid(grid: readonly GridColumn[], theme: Theme, lastLines = 1): string {
  const headingHeight = Math.max(...grid.map(({ heading }) => heading.length));
  const lines: string[] = [];
  for (let line = 0; line < headingHeight; line += 1) {
    lines.push(
      joinCells(
        grid.map((column, index) => {
          const text = column.heading[line - (headingHeight - column.heading.length)] ?? '';
          const placed = place({ text, column, isLast: index === grid.length - 1 });
          return text === '' ? placed : theme.strong(placed);
        }),
      ),
    );
  }
  lines.push(theme.faint(grid.map(({ width }) => '─'.repeat(width)).join(GAP)));
  const rowCount = grid[0]?.texts.length ?? 0;
  const last = grid.at(-1);
  const indent = ' '.repeat(gridWidth(grid) - (last?.width ?? 0));
  for (let row = 0; row < rowCount; row += 1) {
    const [ending = '', ...more] = last === undefined ? [] : linesOf(last, { row, most: lastLines });
    lines.push(
      joinCells(
        grid.map((column, index) => {
          const tone = toneOf({ unit: column.unit, cell: column.cells[row] ?? null, theme });
          const isLast = index === grid.length - 1;
          return tone(place({ text: isLast ? ending : (column.texts[row] ?? ''), column, isLast }));
        }),
      ),
      ...more.map((text) => `${indent}${text}`),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** A text of a column in lines of its width, words kept whole; what is more than there may be is cut. */
function linesOf(
  { unit, texts, width }: GridColumn,
  { row, most }: { readonly row: number; readonly most: number },
): readonly string[] {
  const text = texts[row] ?? '';
  if (most === 1 || unit !== 'text' || textWidth(text) <= width) return [text];
  const lines = wrapText(text, width);
  const kept = lines.slice(0, most - 1);
  const rest = lines.slice(most - 1).join(' ');
  return [...kept, ...(rest === '' ? [] : [rest])].map((line) => cutText(line, width));
}

const joinCells = (cells: readonly string[]): string => cells.join(GAP).trimEnd();

function place({ text, column, isLast }: { text: string; column: GridColumn; isLast: boolean }): string {
  const cut = column.hasMiddleCut ? cutMiddle(text, column.width) : cutText(text, column.width);
  if (isRightAligned(column.unit)) return padStart(cut, column.width);
  return isLast ? cut : padEnd(cut, column.width);
}

/** One value a line, for a few rows too wide for any table. */
function renderRecords(view: TableView, style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const grid = makeGrid(view, style);
  const names = view.columns.map((column) => headingOf(view, column));
  const nameWidth = Math.max(...names.map(textWidth));
  const valueWidth = Math.max(20, (style.width ?? Number.POSITIVE_INFINITY) - nameWidth - GAP.length);
  return view.rows
    .map((_, row) => {
      const lines = grid.map((column, index) => {
        const text = column.texts[row] ?? '';
        const cut = column.hasMiddleCut ? cutMiddle(text, valueWidth) : cutText(text, valueWidth);
        const tone = toneOf({ unit: column.unit, cell: column.cells[row] ?? null, theme });
        return `${theme.faint(padEnd(names[index] ?? '', nameWidth))}${GAP}${tone(cut)}\n`;
      });
      return `${theme.strong(`row ${row + 1}`)}\n${lines.join('')}`;
    })
    .join('\n');
}
