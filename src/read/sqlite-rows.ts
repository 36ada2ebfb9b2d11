import type Database from 'libsql';
import { fromSqlite } from './sqlite-error.ts';

/** Integers come as numbers, those that a number cannot hold as bigints; BLOBs as bytes; TEXT that is not UTF-8 with U+FFFD in place. */
export type SqlValue = string | number | bigint | Uint8Array | null;

export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface RowReader {
  readonly rows: (sql: string, params?: readonly SqlValue[]) => IterableIterator<SqlRow>;
  /** Ends the statements whose rows were not read to the end; the connection could not let go of the file before. */
  readonly abandon: () => void;
}

/** libsql's types lack it. */
export type Connection = Database.Database & { readonly interrupt: () => void };

interface Prepared {
  readonly statement: Database.Statement;
  readonly columns: readonly string[];
}

/** libsql's iterator, which fetches as many rows at once as `nextRows` has room for when `nextRowIndex` is 100. */
interface Cursor {
  readonly next: () => { readonly done: boolean; readonly value?: readonly unknown[] };
  nextRows: unknown[];
  nextRowIndex: number;
}

const FETCH_ANEW = 100;
/** Rows can be of megabytes each: eight at once cost no more time than a hundred. */
const ROWS_AT_ONCE = 8;

/** Queries on one connection. Statements are kept for their next use, as libsql frees them only at a garbage collection. */
export function createRowReader(
  connection: Connection,
  hooks: { readonly onEnd: () => void; readonly onError: (error: unknown) => unknown },
): RowReader {
  const idle = new Map<string, Prepared>();
  const active = new Set<Cursor>();
  let isOpen = true;

  const prepare = (sql: string): Prepared => {
    const kept = idle.get(sql);
    if (kept && idle.delete(sql)) return kept;
    const columns = connection
      .prepare(sql)
      .columns()
      .map(({ name }) => name);
    const statement = connection.prepare(guarded(sql, columns.length)).raw().safeIntegers();
    return { statement, columns };
  };

  const attempt = <T>(step: () => T): T => {
    if (!isOpen) throw new Error('the database is closed');
    try {
      return step();
    } catch (error) {
      throw hooks.onError(fromSqlite(error));
    }
  };

  return {
    *rows(sql, params = []) {
      const prepared = attempt(() => prepare(sql));
      const cursor = attempt(() => prepared.statement.iterate(params.map(bound))) as unknown as Cursor;
      cursor.nextRows = new Array(ROWS_AT_ONCE);
      active.add(cursor);
      for (let count = 0; ; count += 1) {
        if (count % ROWS_AT_ONCE === 0) cursor.nextRowIndex = FETCH_ANEW;
        const { value } = attempt(() => cursor.next());
        if (value === undefined) break;
        yield rowOf(prepared.columns, value);
      }
      active.delete(cursor);
      idle.set(sql, prepared);
      hooks.onEnd();
    },
    abandon() {
      isOpen = false;
      if (active.size > 0) connection.interrupt();
      for (const cursor of active) {
        cursor.nextRowIndex = FETCH_ANEW;
        try {
          cursor.next();
        } catch {
          // Interrupted, as wanted.
        }
      }
      active.clear();
      idle.clear();
    },
  };
}

/**
 * The query with TEXT as bytes, since libsql ends the process at text that is not UTF-8 and cuts text off at a zero byte; its first
 * column has a letter for the type of each other. The limit with an offset keeps SQLite from computing an expression once per mention.
 */
function guarded(sql: string, count: number): string {
  const names = Array.from({ length: count }, (_, index) => `c${index}`);
  const types = names.map((name) => `substr(typeof(${name}), 1, 1)`).join(' || ');
  const cells = names.map(
    (name) => `case typeof(${name}) when 'text' then cast(${name} as blob) else ${name} end`,
  );
  return `with r(${names.join(', ')}) as (select * from (${sql}\n) limit -1 offset 0) select ${types}, ${cells.join(', ')} from r`;
}

function rowOf(columns: readonly string[], [types, ...cells]: readonly unknown[]): SqlRow {
  const row: Record<string, SqlValue> = {};
  for (const [index, column] of columns.entries())
    row[column] = cellOf(cells[index], (types as string)[index] === 't');
  return row;
}

function cellOf(cell: unknown, isText: boolean): SqlValue {
  if (isText) return (cell as Buffer).toString();
  if (typeof cell !== 'bigint') return cell as SqlValue;
  const number = Number(cell);
  return Number.isSafeInteger(number) ? number : cell;
}

/** Numbers would be bound as REAL, and a text column would be compared with '1.0'. */
function bound(value: SqlValue): SqlValue {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value;
}
