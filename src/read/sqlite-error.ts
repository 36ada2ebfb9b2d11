/** An error about the database, which the loader takes as data of the source. */
export function databaseError(
  code: 'ESQLITE' | 'EBUSYDB' | 'ETOOLARGE' | 'ENOSPC' | 'ENOSQLITE',
  message: string,
): Error {
  return Object.assign(new Error(message), { code });
}

/** What SQLite says, without the path, which the caller knows; anything else as it is. */
export function fromSqlite(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = sqliteCode(error);
  if (code === undefined) return error;
  // Attaching fails so, whatever the reason, and names the address it was given.
  const cannotOpen = error.message.startsWith('unable to open database');
  const said = cannotOpen ? (OPEN_FAILURES[code] ?? 'unable to open database file') : error.message;
  return Object.assign(databaseError('ESQLITE', said), { cause: error });
}

/** SQLite's name of what went wrong, such as `SQLITE_BUSY`; undefined if it is not SQLite that speaks. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code.startsWith('SQLITE_') ? error.code : undefined;
}

/** Whether the error says that the file changed under the reader. */
export function isBusyDatabase(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EBUSYDB';
}

const OPEN_FAILURES: Readonly<Record<string, string>> = {
  SQLITE_CORRUPT: 'database disk image is malformed',
  SQLITE_NOTADB: 'file is not a database',
  SQLITE_BUSY: 'database is locked',
};
