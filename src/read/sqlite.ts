import { isUtf8 } from 'node:buffer';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type Database from 'libsql';
import { copyPrivately, type PrivateCopy } from './private-copy.ts';
import { databaseError, fromSqlite, isBusyDatabase, sqliteCode } from './sqlite-error.ts';
import { type Connection, createRowReader, type SqlRow, type SqlValue } from './sqlite-rows.ts';
import { type DatabaseState, databaseStamp, databaseState, headOf, realPathOf } from './sqlite-state.ts';

/** A database as it was when it was opened: all queries see one state, whatever its agent writes meanwhile. */
export interface OpenDatabase {
  /** The columns of each table and view by its name, in their order; those that cannot be read here are left out. */
  readonly tables: () => ReadonlyMap<string, readonly string[]>;
  /**
   * Streams the rows of one `select`. Read them to the end: only there is seen whether a database that can be read without any lock
   * was written meanwhile. Then this throws `EBUSYDB`, and the rows that have come are not to be kept; the next load reads it again.
   *
   * An `order by` that no index serves is sorted in a temporary file before the first row. Throws `ESQLITE` in SQLite's words.
   */
  readonly rows: (sql: string, params?: readonly SqlValue[]) => IterableIterator<SqlRow>;
  /** Lets go of the file, at once and whatever was left unread. Until then its agent can write, but not shorten its -wal. Never throws. */
  readonly close: () => void;
}

const MAGIC = 'SQLite format 3\0';
/** How long a database may be locked, or between two states, before that is an error. */
const PATIENCE_MS = 2000;
const PAUSE_MS = 20;
/** An agent at work has a journal, or a -wal without -shm, for a moment: only what stays is worth a copy. */
const LOOKS_BEFORE_COPY = 5;

/**
 * Opens an agent's database for reading: nothing is written to it or created beside it, and its agent can go on.
 *
 * What an agent that is running or was killed left in -wal or -journal is read, too, if need be in a private copy. A file without
 * any content is a database without tables.
 *
 * Throws errors about the file: the system's, `ESQLITE` in SQLite's words, `EBUSYDB`, `ETOOLARGE`, `ENOSPC`.
 */
export function openDatabase(path: string): OpenDatabase {
  const deadline = Date.now() + PATIENCE_MS;
  for (let look = 1; ; look += 1) {
    const state = databaseState(path);
    if (state.kind !== 'copy' || look > LOOKS_BEFORE_COPY) {
      try {
        return openIn(state);
      } catch (error) {
        if (!isPassing(error, state) || Date.now() > deadline) throw fromSqlite(error);
      }
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

/** The tables of a file that may be anything, each with its columns. Undefined: no SQLite database, or none that can be read. */
export function databaseTables(path: string): ReadonlyMap<string, readonly string[]> | undefined {
  if (headOf(path)?.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  let database: OpenDatabase | undefined;
  try {
    database = openDatabase(path);
    return database.tables();
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^E(?!RR_)/.test(String(error.code))) return undefined;
    throw error;
  } finally {
    database?.close();
  }
}

/** What changes when the database does. Not -shm, which readers change as well. */
export function databaseCompanions(path: string): readonly string[] {
  const real = realPathOf(path);
  return [`${real}-wal`, `${real}-journal`];
}

/**
 * The file is attached to an empty database in memory, as detaching lets go of it at once: a connection that is closed lives on until
 * the garbage collection of its last statement.
 */
function openIn(state: DatabaseState): OpenDatabase {
  const copy = state.kind === 'copy' ? copyPrivately(state) : undefined;
  const stamp = state.kind === 'still' ? databaseStamp(state.path) : undefined;
  let connection: Connection | undefined;
  try {
    connection = new (libsql())(':memory:') as Connection;
    connection.exec('pragma temp_store = file');
    connection.exec(`attach '${uriOf(state, copy)}' as source`);
    connection.exec('begin');
    // The first reading begins the snapshot. libsql ends the process at a name that is not UTF-8.
    const schema = connection.prepare(
      'select cast(name as blob), cast(sql as blob) from source.sqlite_schema',
    );
    for (const cells of schema.raw().iterate([]) as Iterable<readonly unknown[]>) {
      if (cells.some((cell) => cell instanceof Uint8Array && !isUtf8(cell))) {
        throw databaseError('ESQLITE', 'malformed database schema');
      }
    }
  } catch (error) {
    if (connection) letGo(connection);
    copy?.remove();
    throw error;
  }
  return handleOf({ connection, copy, path: state.path, stamp });
}

interface Opened {
  readonly connection: Connection;
  readonly copy: PrivateCopy | undefined;
  readonly path: string;
  /** Where no lock keeps the file as it is: as it was at the beginning. */
  readonly stamp: string | undefined;
}

function handleOf({ connection, copy, path, stamp }: Opened): OpenDatabase {
  const movedError = (): Error | undefined =>
    stamp === undefined || databaseStamp(path) === stamp
      ? undefined
      : databaseError('EBUSYDB', 'was changed while it was read; the next load reads it again');
  const { rows, abandon } = createRowReader(connection, {
    onEnd: () => {
      const moved = movedError();
      if (moved) throw moved;
    },
    // Pages of two states look like damage.
    onError: (error) => movedError() ?? error,
  });
  let tables: ReadonlyMap<string, readonly string[]> | undefined;
  let isOpen = true;
  return {
    rows,
    tables: () => (tables ??= readTables(rows)),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      abandon();
      letGo(connection);
      copy?.remove();
    },
  };
}

function readTables(rows: OpenDatabase['rows']): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, readonly string[]>();
  for (const { name } of rows(
    "select name from source.sqlite_schema where type in ('table', 'view') order by rowid",
  )) {
    try {
      // 1 is what modules hide, such as the rank of a full-text index.
      const columns = rows("select name from pragma_table_xinfo(?, 'source') where hidden <> 1", [
        name ?? null,
      ]);
      tables.set(
        String(name),
        [...columns].map((column) => String(column.name)),
      );
    } catch (error) {
      // Of a module that is not at hand, or a view of what is gone.
      if (!(error instanceof Error) || sqliteCode(error.cause) !== 'SQLITE_ERROR') throw error;
    }
  }
  return tables;
}

function letGo(connection: Connection): void {
  for (const statement of ['rollback', 'detach source']) {
    try {
      connection.exec(statement);
    } catch {
      // Not begun, or not attached.
    }
  }
  connection.close();
}

function uriOf(state: DatabaseState, copy: PrivateCopy | undefined): string {
  const query = { live: 'mode=ro&readonly_shm=1', still: 'immutable=1', copy: 'mode=rw' }[state.kind];
  const { host, pathname } = pathToFileURL(copy?.path ?? state.path);
  // A host is one of Windows' network folders, which SQLite takes as part of the path.
  return `file:${host === '' ? '' : `////${host}`}${pathname.replaceAll("'", '%27')}?${query}`;
}

/** Locked for a moment, or its agent opened or closed it between our look and the opening. */
function isPassing(error: unknown, state: DatabaseState): boolean {
  const code = sqliteCode(error) ?? '';
  if (isBusyDatabase(error) || /^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code)) return true;
  return state.kind === 'live' && /^SQLITE_(CANTOPEN|READONLY)/.test(code);
}

let loaded: typeof Database | undefined;

/** Loaded when the first database is opened: that takes longer than most commands. */
function libsql(): typeof Database {
  try {
    loaded ??= createRequire(import.meta.url)('libsql') as typeof Database;
    return loaded;
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw databaseError('ENOSQLITE', `SQLite cannot be loaded on this system: ${said}`);
  }
}
