import { existsSync } from 'node:fs';
import { whileBusy } from '../warehouse/busy.ts';
import type { Connection } from '../warehouse/connection.ts';
import { warehouseStamp } from '../warehouse/file-stamp.ts';
import { findLogs } from './find-logs.ts';
import type { Planned } from './load-changes.ts';
import {
  firstChanges,
  planRefresh,
  type RefreshOptions,
  type RefreshPlan,
  type RefreshSummary,
} from './refresh.ts';
import { numberChanges, startScan } from './running-scan.ts';

export interface OpenUpToDateOptions extends Omit<RefreshOptions, 'connection'> {
  /** Path of the warehouse, or `:memory:`. */
  readonly file: string;
  /** How long to wait for another process that writes it. */
  readonly waitMs: number;
  /** Called once when waiting takes longer than a second. */
  readonly onWait?: () => void;
  /** Ends the load: what is not committed is rolled back. The scan of a portion that has begun is waited for. */
  readonly signal?: AbortSignal;
}

export interface UpToDate {
  readonly connection: Connection;
  /** Whether the connection can only read. */
  readonly isReadOnly: boolean;
  /** Whether another process still holds the file, and this is what it held before. */
  readonly isSnapshot: boolean;
  /** What was found and read; null for a snapshot. */
  readonly summary: RefreshSummary | null;
}

/**
 * Opens a warehouse and brings it up to date with the logs.
 *
 * It is opened for reading first, beside any number of others; only when something changed is it opened for writing.
 * While another process writes, this one waits and looks again; when the time is up it answers from what was there.
 */
export async function openUpToDate(options: OpenUpToDateOptions): Promise<UpToDate> {
  const { file, waitMs, onWait, signal, ...rest } = options;
  const discovery = rest.discovery ?? findLogs(rest);
  const attempt = async (): Promise<UpToDate> => {
    signal?.throwIfAborted();
    // Nothing is known of a new warehouse: its logs are read while DuckDB is loaded and the tables are made.
    const isNew = file === ':memory:' || !existsSync(file);
    const scan = isNew
      ? startScan(numberChanges(firstChanges(discovery, rest.newestBytes), 0), rest.onProgress)
      : undefined;
    try {
      const { explainFullDisk, openOnce } = await import('../warehouse/open.ts');
      let planned: Planned | undefined;
      if (!isNew) {
        const stamp = warehouseStamp(file);
        const connection = await openOnce({ file, mode: 'read' });
        const plan = await planOrClose({ ...rest, connection, discovery });
        if (!plan.hasWork) return { connection, isReadOnly: true, isSnapshot: false, summary: plan.summary };
        connection.close();
        planned = { plan, stamp };
      }
      const { loadChanges } = await import('./load-changes.ts');
      const options = { ...rest, discovery, ...(scan && { scan }) };
      try {
        return { isSnapshot: false, ...(await loadChanges({ file, signal, options, planned })) };
      } catch (error) {
        throw explainFullDisk(error, file);
      }
    } catch (error) {
      await scan?.stop();
      throw error;
    }
  };
  const opened = await whileBusy(attempt, { waitMs, ...(onWait === undefined ? {} : { onWait }) });
  if (opened !== undefined) return opened;
  const { openSnapshot } = await import('../warehouse/open.ts');
  return { connection: await openSnapshot(file), isReadOnly: true, isSnapshot: true, summary: null };
}

async function planOrClose(options: RefreshOptions): Promise<RefreshPlan> {
  try {
    return await planRefresh(options);
  } catch (error) {
    options.connection.close();
    throw error;
  }
}
