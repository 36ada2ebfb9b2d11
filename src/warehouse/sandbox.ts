import { quoteText } from '../catalog/sql-names.ts';
import type { Connection } from './connection.ts';

export interface SandboxOptions {
  /** The one file that DuckDB may write. */
  readonly outputFile?: string;
  /** Whether the database lies in memory: then nothing may spill beside the working folder. */
  readonly isInMemory: boolean;
  /** Folders whose files may be read while a statement runs, by views or by SQL: real paths, without links. */
  readonly readFolders?: readonly string[];
  /** How much memory DuckDB may take; as the connection has it where absent. */
  readonly memoryBytes?: number;
}

/** What a query may spill to the temporary folder. */
const MOST_SPILLED = '8GB';

/**
 * Shuts an open warehouse off from files, network, extensions and settings, and begins a transaction that may only
 * read. There is no way back on this connection. Set what SQL may depend on (time zone, search path) before.
 *
 * This is the wall. What `openInSandbox` refuses on top are statements that would do nothing good behind it.
 */
export async function enterSandbox(connection: Connection, options: SandboxOptions): Promise<void> {
  const { outputFile, readFolders = [], memoryBytes } = options;
  if (memoryBytes !== undefined) await connection.execute(`set memory_limit = '${memoryBytes}B'`);
  await connection.execute(`set max_temp_directory_size = '${MOST_SPILLED}'`);
  const folders = [...(options.isInMemory ? await stopSpilling(connection) : []), ...readFolders];
  const listOf = (paths: readonly string[]): string => `[${paths.map(quoteText).join(', ')}]`;
  if (folders.length > 0) await connection.execute(`set allowed_directories = ${listOf(folders)}`);
  if (outputFile !== undefined) await connection.execute(`set allowed_paths = ${listOf([outputFile])}`);
  await connection.execute('set enable_external_access = false');
  await connection.execute('set lock_configuration = true');
  await connection.execute('begin transaction read only');
}

/** Where something spilled already, DuckDB goes on using the folder: this process's own, and one it must still reach. */
async function stopSpilling(connection: Connection): Promise<readonly string[]> {
  try {
    await connection.execute(`set temp_directory = ''`);
    return [];
  } catch (error) {
    if (!/Cannot switch temporary directory/.test(String(error))) throw error;
    const { rows } = await connection.query(`select current_setting('temp_directory')`);
    return [String(rows[0]?.[0])];
  }
}
