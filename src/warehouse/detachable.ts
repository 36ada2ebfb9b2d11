import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quoteText } from '../catalog/sql-names.ts';
import { AgenttraceError } from '../model/errors.ts';
import { whileBusy } from './busy.ts';
import type { Connection } from './connection.ts';
import { copyWhole, explainOpening, openBare } from './open.ts';

/** Search path under which the views of an attached warehouse are found, and temporary objects can be made. */
export const ATTACHED_SEARCH_PATH = 'memory.main,warehouse.v1,warehouse.main';

export interface DetachableOptions {
  /** Path of the warehouse. */
  readonly file: string;
  /** A private folder, for the copy that answers while another process goes on writing. */
  readonly folder: string;
  readonly waitMs: number;
  /** Called once when waiting takes longer than a second. */
  readonly onWait: () => void;
  /** Called when the answer comes from a copy of what the warehouse held before. */
  readonly onSnapshot: () => Promise<void>;
}

/** A warehouse that is held open only while work is done on it. */
export interface Detachable {
  /** In memory: temporary tables, views, macros and variables stay while the warehouse comes and goes. */
  readonly connection: Connection;
  readonly attach: (signal?: AbortSignal) => Promise<void>;
  readonly detach: () => Promise<void>;
}

/**
 * Opens DuckDB over memory, to which the warehouse is attached read-only when it is wanted and detached afterwards:
 * in between its file is closed and unlocked, so that nobody waits for a session that is forgotten.
 */
export async function openDetachable(options: DetachableOptions): Promise<Detachable> {
  const { file, folder, waitMs, onWait, onSnapshot } = options;
  const connection = await openBare();
  const attachFile = async (path: string): Promise<void> => {
    try {
      await connection.execute(`attach if not exists ${quoteText(path)} as warehouse (read_only)`);
    } catch (error) {
      throw explainOpening(error, { file, mode: 'read' });
    }
  };
  const attach: Detachable['attach'] = async (signal) => {
    if (!existsSync(file)) throw noWarehouse(file);
    const attached = await whileBusy(() => attachFile(file).then(() => true), {
      waitMs,
      onWait,
      ...(signal === undefined ? {} : { signal }),
    });
    if (attached === true) return;
    const copy = join(folder, 'snapshot.duckdb');
    await copyWhole(file, { copy, open: () => attachFile(copy) });
    await onSnapshot();
  };
  return { connection, attach, detach: async () => void (await connection.execute('detach warehouse')) };
}

const noWarehouse = (file: string): AgenttraceError =>
  new AgenttraceError({
    code: 'no_input',
    message: 'The warehouse is gone.',
    source: file,
    hint: 'agenttrace load makes it anew.',
  });
