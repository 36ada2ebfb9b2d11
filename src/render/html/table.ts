import type { Cell, ResultColumn } from '../../model/result.ts';
import { type CellStyle, digitsOf } from '../format-cell.ts';
import type { TableView } from '../grid.ts';
import { labelFor } from '../labels.ts';
import { isRightAligned, unitOf } from '../units.ts';
import { textWidth } from '../width.ts';
import { STACKING_WIDTHS, tableClass } from './stylesheet.ts';
import { escapeHtml } from './text.ts';
import { htmlValue, readable } from './value.ts';

/** Width of a digit and what is left and right of a column, in CSS pixels, on the wide side. */
const ROOMY = { digit: 7.4, padding: 15 };
const DENSE = { digit: 6.9, padding: 11 };
/** Columns from which a table is set in smaller type. */
const MANY_COLUMNS = 9;
/** Digits that a text, or a time after its day, gets before its lines break. */
const LEAST_TEXT = 12;
/** Rows that are measured: enough to know a table's width. */
const MEASURED_ROWS = 300;

/**
 * Rows as a table. Where the page is narrower than its columns need, each row becomes a card with its values named: so
 * nothing is cut and nothing scrolls sideways, on a phone or on paper.
 */
export function htmlTable(view: TableView, { style, barsBy }: { style: CellStyle; barsBy: number }): string {
  const { columns, rows } = view;
  if (rows.length === 0) return `<p class="none">${escapeHtml(view.emptyText ?? 'No rows.')}</p>`;
  const labels = columns.map(({ name }) => view.labels?.get(name) ?? labelFor(name));
  const classes = columns.map((column, index) =>
    classesOf({ column, rows, index, isBar: index === barsBy }, style),
  );
  const shares = barsBy < 0 || rows.length < 2 ? [] : sharesOf(rows.map((row) => row[barsBy] ?? null));
  const head = labels
    .map((label, index) => `<th role="columnheader" scope="col"${classes[index]}>${escapeHtml(label)}</th>`)
    .join('');
  const body = rows.map((row, at) => {
    const cells = columns.map((column, index) => {
      const share = index === barsBy && shares[at] !== undefined ? ` style="--share:${shares[at]}"` : '';
      const label = escapeHtml(labels[index] ?? '');
      const value = htmlValue(row[index] ?? null, column, style);
      return `<td role="cell" data-label="${label}"${classes[index]}${share}>${value}</td>`;
    });
    return `<tr role="row">${cells.join('')}</tr>`;
  });
  const width = STACKING_WIDTHS.find((least) => least >= leastWidth({ columns, rows, labels }, style));
  return `<div class="${tableClass(width)}${columns.length < MANY_COLUMNS ? '' : ' dense'}"><table role="table"><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">
${body.join('\n')}
</tbody></table></div>`;
}

interface ColumnOfTable {
  readonly column: ResultColumn;
  readonly rows: TableView['rows'];
  readonly index: number;
  readonly isBar: boolean;
}

/**
 * Numbers stand to the right, but for a number that names its row. Short texts stay whole, and only words too long for a
 * column may break.
 */
function classesOf({ column, rows, index, isBar }: ColumnOfTable, style: CellStyle): string {
  const unit = unitOf(column);
  const texts = rows.map((row) => readable(row[index] ?? null, column, style));
  const isLong = (text: string): boolean => textWidth(text) > LEAST_TEXT;
  const words = texts.flatMap((text) => text.split(/[\s/:_.-]/));
  const names = [
    index > 0 && isRightAligned(unit) ? 'n' : '',
    isBar ? 'bar' : '',
    isBreakable(column) && words.some(isLong) ? 'w' : '',
    unit === 'text' && !texts.some(isLong) ? 'k' : '',
  ].filter((name) => name !== '');
  return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
}

/** Each value as a share of the highest one. */
function sharesOf(cells: readonly Cell[]): readonly (string | undefined)[] {
  const numbers = cells.map((cell) => Number(digitsOf(cell) ?? 0));
  const most = numbers.reduce((high, value) => Math.max(high, value), 0);
  return numbers.map((value) => (value > 0 && most > 0 ? (value / most).toFixed(3) : undefined));
}

interface Measured extends Pick<TableView, 'columns' | 'rows'> {
  readonly labels: readonly string[];
}

/** CSS pixels below which the columns cannot stand beside each other: numbers stay whole, texts take more lines. */
export function leastWidth({ columns, rows, labels }: Measured, style: CellStyle): number {
  const sample = rows.slice(0, MEASURED_ROWS);
  const { digit, padding } = columns.length < MANY_COLUMNS ? ROOMY : DENSE;
  return columns.reduce((sum, column, index) => {
    const texts = sample.map((row) => textWidth(readable(row[index] ?? null, column, style)));
    const longest = Math.max(0, ...texts);
    const heading = Math.max(0, ...(labels[index] ?? '').split(/[\s_]/).map(textWidth));
    return (
      sum + padding + digit * Math.max(heading, isBreakable(column) ? Math.min(longest, LEAST_TEXT) : longest)
    );
  }, 0);
}

const isBreakable = (column: ResultColumn): boolean =>
  ['text', 'id', 'path', 'instant'].includes(unitOf(column));
