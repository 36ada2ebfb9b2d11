import type { OpenDatabase } from '../../src/read/sqlite.ts';

/** Tables with an `id`, a rowid and a column that says when a row was written last. */
export interface MarkedTables {
  readonly database: OpenDatabase;
  readonly tables: readonly string[];
  readonly timeColumn: string;
  readonly unitsPerSecond: number;
}

/** Where the next load goes on: what was written since, and by which rows to see that rows still have their numbers. */
export interface DatabaseMark {
  /** In the units of the time column. */
  readonly at: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly ids: Readonly<Record<string, string>>;
}

/** A writer may have waited for the lock before it committed a row with an older time. */
const MARGIN_SECONDS = 60;

/** The mark of a database as it is; undefined where a table does not say when its rows were written. */
export function markOf({ database, tables, timeColumn, unitsPerSecond }: MarkedTables): string | undefined {
  let at = 0;
  const rows: Record<string, number> = {};
  const ids: Record<string, string> = {};
  for (const table of tables) {
    if (!database.tables().get(table)?.includes(timeColumn)) return undefined;
    for (const newest of database.rows(`select max(${timeColumn}) as at from ${table}`)) {
      at = Math.max(at, Number(newest.at ?? 0));
    }
    for (const last of database.rows(
      `select rowid as row_no, id from ${table} order by rowid desc limit 1`,
    )) {
      rows[table] = Number(last.row_no);
      ids[table] = String(last.id);
    }
  }
  // A clock that was wrong once must not hide what comes after.
  const now = Math.floor((Date.now() / 1000) * unitsPerSecond);
  const since = Math.max(0, Math.min(at, now) - MARGIN_SECONDS * unitsPerSecond);
  return JSON.stringify({ at: since, rows, ids } satisfies DatabaseMark);
}

/** The mark of the last load, if it can be gone on from; a rebuilt database numbers its rows anew. */
export function knownMark(
  mark: string | undefined,
  { database, tables }: MarkedTables,
): DatabaseMark | undefined {
  if (mark === undefined) return undefined;
  const known = JSON.parse(mark) as DatabaseMark;
  const isNumberedAlike = Object.entries(known.ids).every(([table, id]) => {
    if (!tables.includes(table)) return false;
    const [row] = [...database.rows(`select id from ${table} where rowid = ?`, [known.rows[table] ?? 0])];
    return row?.id === id;
  });
  return isNumberedAlike ? known : undefined;
}

/** Rows of a table that are new or were written since, as SQL for `where`. */
export const writtenSince = (mark: DatabaseMark, table: string, timeColumn: string): string =>
  `(${timeColumn} >= ${mark.at} or rowid > ${mark.rows[table] ?? 0})`;
