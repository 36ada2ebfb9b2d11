import { type Cell, isDecimal, type ResultColumn, type ResultSet } from '../model/result.ts';
import type { RowsText } from './rows-text.ts';

/**
 * A value as JSON. Integers and decimals keep every digit; what JSON has no number for (NaN, infinity) is null.
 */
export function cellJson(cell: Cell): string {
  if (cell === null) return 'null';
  if (typeof cell === 'boolean') return String(cell);
  if (typeof cell === 'bigint') return cell.toString();
  if (typeof cell === 'number') return Number.isFinite(cell) ? numberJson(cell) : 'null';
  if (typeof cell === 'string') return JSON.stringify(cell);
  if (isDecimal(cell)) return cell.decimal;
  if (Array.isArray(cell)) return `[${cell.map(cellJson).join(', ')}]`;
  return objectJson(
    Object.entries(cell as Readonly<Record<string, Cell>>).map(([key, value]) => [key, cellJson(value)]),
  );
}

const numberJson = (value: number): string => (Object.is(value, -0) ? '0' : String(value));

const objectJson = (entries: readonly (readonly [string, string])[]): string =>
  `{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')}}`;

/** Rows as an array of objects, one a line. */
export function rowsJson({ columns, rows }: ResultSet): string {
  const { some, end } = jsonRows(columns);
  return `${some(rows)}${end()}`;
}

/** The same for rows that come in portions: the text of each portion, and what ends it. */
export function jsonRows(columns: readonly ResultColumn[]): RowsText {
  const lineOf = rowLine(columns);
  let count = 0;
  return {
    some: (rows) =>
      rows
        .map((row) => {
          count += 1;
          return `${count === 1 ? '[\n' : ',\n'}  ${lineOf(row)}`;
        })
        .join(''),
    end: () => (count === 0 ? '[]\n' : '\n]\n'),
  };
}

/** Rows as objects, one a line. */
export function rowsJsonLines({ columns, rows }: ResultSet): string {
  return jsonLines(columns).some(rows);
}

export function jsonLines(columns: readonly ResultColumn[]): RowsText {
  const lineOf = rowLine(columns);
  return { some: (rows) => rows.map((row) => `${lineOf(row)}\n`).join(''), end: () => '' };
}

/** A row as an object. */
function rowLine(columns: readonly ResultColumn[]): (row: readonly Cell[]) => string {
  const keys = uniqueNames(columns).map((name) => JSON.stringify(name));
  return (row) =>
    `{${keys.map((key, index) => `${key}: ${columnJson(row[index] ?? null, columns[index])}`).join(', ')}}`;
}

/** A column that holds JSON already is nested as it stands, so that its digits stay too. */
function columnJson(cell: Cell, column: ResultColumn | undefined): string {
  if (typeof cell === 'string' && (column?.type === 'JSON' || column?.name.endsWith('_json'))) {
    try {
      JSON.parse(cell);
      return cell.replace(/\s*[\r\n]+\s*/g, ' ');
    } catch {
      // Text that only claims to be JSON stays text.
    }
  }
  return cellJson(cell);
}

/** Names of which a reader of JSON loses none: the second `a` is `a_1`. */
export function uniqueNames(columns: readonly ResultColumn[]): readonly string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let unique = name;
    for (let number = 1; taken.has(unique); number += 1) unique = `${name}_${number}`;
    taken.add(unique);
    return unique;
  });
}

/** One object, indented by two spaces; rows of its lists stand on one line each. */
export function documentJson(entries: readonly (readonly [string, Cell])[]): string {
  return `${indentObject(entries, '')}\n`;
}

function indentObject(entries: readonly (readonly [string, Cell])[], indent: string): string {
  if (entries.length === 0) return '{}';
  const inner = `${indent}  `;
  const lines = entries.map(([key, value]) => `${inner}${JSON.stringify(key)}: ${indentCell(value, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function indentCell(cell: Cell, indent: string): string {
  if (Array.isArray(cell)) {
    const isNested = cell.some((item) => typeof item === 'object' && item !== null && !isDecimal(item));
    if (!isNested) return cellJson(cell);
    const inner = `${indent}  `;
    return `[\n${cell.map((item) => `${inner}${cellJson(item)}`).join(',\n')}\n${indent}]`;
  }
  if (typeof cell === 'object' && cell !== null && !isDecimal(cell)) {
    return indentObject(Object.entries(cell as Readonly<Record<string, Cell>>), indent);
  }
  return cellJson(cell);
}
