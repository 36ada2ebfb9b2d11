import { statSync } from 'node:fs';

/** What differs after every write to a file; null: there is none. */
export function fileStamp(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}

/** The same of a warehouse: what was written to it last may stand in its log. */
export const warehouseStamp = (file: string): string =>
  [file, `${file}.wal`].map((path) => fileStamp(path) ?? '-').join(' ');
