import { type Cell, isDecimal, type ResultSet } from '../model/result.ts';
import { cellJson } from './json.ts';

/** Rows as CSV by RFC 4180, with a header. NULL is nothing, an empty text is `""`; lists and structs are JSON. */
export function rowsCsv({ columns, rows }: ResultSet): string {
  const lines = [columns.map(({ name }) => quote(name)), ...rows.map((row) => row.map(csvCell))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell === '' ? '""' : quote(cell);
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'boolean' || typeof cell === 'bigint') return cell.toString();
  return isDecimal(cell) ? cell.decimal : quote(cellJson(cell));
}

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
