import { type Cell, isDecimal, type ResultColumn, type ResultSet } from '../model/result.ts';
import { cellJson } from './json.ts';
import type { RowsText } from './rows-text.ts';

/** Rows as CSV by RFC 4180, with a header. NULL is nothing, an empty text is `""`; lists and structs are JSON. */
export function rowsCsv({ columns, rows }: ResultSet): string {
  const { some, end } = csvRows(columns);
  return `${some(rows)}${end()}`;
}

/** The same for rows that come in portions. */
export function csvRows(columns: readonly ResultColumn[]): RowsText {
  let head = csvLine(columns.map(({ name }) => quote(name)));
  const takeHead = (): string => {
    const text = head;
    head = '';
    return text;
  };
  return {
    some: (rows) => `${takeHead()}${rows.map((row) => csvLine(row.map(csvCell))).join('')}`,
    end: takeHead,
  };
}

/** A line of one empty cell would be no line for many readers. */
const csvLine = (cells: readonly string[]): string =>
  `${cells.join(',') || (cells.length === 1 ? '""' : '')}\r\n`;

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell === '' ? '""' : quote(cell);
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'boolean' || typeof cell === 'bigint') return cell.toString();
  return isDecimal(cell) ? cell.decimal : quote(cellJson(cell));
}

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
