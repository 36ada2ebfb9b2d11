import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { databaseError } from './sqlite-error.ts';

/**
 * How a database can be read without leaving a trace beside it.
 *
 * - `live`: with its -wal and -shm, as a running agent has it open. SQLite's own read locks keep the snapshot.
 * - `copy`: what is beside it must be applied first, which writes; so a private copy is made of both.
 * - `still`: nothing is beside it. It is read without a lock, so that whether it stayed as it was has to be looked at afterwards.
 */
export type DatabaseState =
  | { readonly kind: 'live' | 'still'; readonly path: string }
  | { readonly kind: 'copy'; readonly path: string; readonly companion: '-wal' | '-journal' };

/** A write-ahead log of no more than its header holds no pages. */
const WAL_HEADER_BYTES = 32;

/** Of the files as they are now; throws the system's error for a path that is no readable regular file. */
export function databaseState(given: string): DatabaseState {
  const path = readablePath(given);
  const walBytes = sizeOf(`${path}-wal`);
  if (walBytes !== undefined && sizeOf(`${path}-shm`) !== undefined) return { kind: 'live', path };
  if ((walBytes ?? 0) > WAL_HEADER_BYTES) return { kind: 'copy', path, companion: '-wal' };
  // A journal that was used up and kept begins with zeros; so does one whose first page is not yet safe on disk.
  const first = headOf(`${path}-journal`)?.[0] ?? 0;
  if (first !== 0) return { kind: 'copy', path, companion: '-journal' };
  return { kind: 'still', path };
}

/** Where the file really is: SQLite, too, looks for what is beside it there. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Differs if the file was written in between. The change counter of the header is part of it, since a time can stand still for some
 * milliseconds. Not to be called while SQLite holds locks on the file in this process: closing a file drops them.
 */
export function databaseStamp(path: string): string {
  const { size, mtimeNs, ino } = statSync(path, { bigint: true });
  return `${ino} ${size} ${mtimeNs} ${headOf(path)?.toString('hex', 24, 28)}`;
}

/** The first bytes of a file, as many as a header of SQLite's takes at most; undefined where there is none. */
export function headOf(path: string): Buffer | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const head = Buffer.alloc(100);
    return head.subarray(0, readSync(fd, head, 0, head.length, 0));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function readablePath(given: string): string {
  const path = realpathSync(given);
  const kind = statSync(path);
  if (kind.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  if (!kind.isFile()) throw Object.assign(new Error('is not a regular file'), { code: 'ENOTFILE' });
  if (kind.size > 0 && kind.size < 100) throw databaseError('ESQLITE', 'file is not a database');
  accessSync(path, constants.R_OK);
  return path;
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
