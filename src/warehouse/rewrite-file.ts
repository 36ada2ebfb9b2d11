import { quoteName, quoteText } from '../catalog/sql-names.ts';
import type { Connection } from './connection.ts';
import { flushFile } from './flush-file.ts';
import { ATTACH_NEW_FILE } from './new-file.ts';
import { draftPath, removeDraft, takePlace } from './take-place.ts';

export interface Rewriting {
  /** SQL for the fresh file before it takes the old one's place, in the schemas of `fresh`. */
  readonly afterwards: string;
}

/**
 * Writes the open warehouse into a fresh file that takes its place, and closes it. DuckDB frees the blocks of removed rows
 * and leaves their bytes; what is copied is what can be read. Whoever opens the file meanwhile finds it locked; a failure
 * leaves the old file as it is.
 */
export async function rewriteFile(connection: Connection, { afterwards }: Rewriting): Promise<void> {
  const { file } = connection;
  const draft = draftPath(file, 'rewritten');
  removeDraft(draft);
  let isOpen = true;
  const close = (): void => {
    if (isOpen) connection.close();
    isOpen = false;
  };
  try {
    const { rows } = await connection.query('select current_database()');
    const name = quoteName(String(rows[0]?.[0]));
    // Nothing may be left for closing to write: the log's name will be the fresh file's.
    await connection.execute('checkpoint');
    await connection.execute(`attach ${quoteText(draft)} as fresh (${ATTACH_NEW_FILE})`);
    await connection.execute(`copy from database ${name} to fresh`);
    await connection.execute(afterwards);
    await connection.execute('checkpoint fresh');
    await connection.execute('detach fresh');
    flushFile(draft);
    // While this process still has the old file nobody else can open either; Windows renames over no open file.
    if (process.platform === 'win32') close();
    takePlace(draft, file);
  } catch (error) {
    removeDraft(draft);
    throw error;
  } finally {
    close();
  }
}
