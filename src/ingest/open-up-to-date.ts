import { existsSync } from 'node:fs';
import type { Connection } from '../warehouse/connection.ts';
import { explainFullDisk, openOnce, openSnapshot, whileBusy } from '../warehouse/open.ts';
import { findLogs } from './find-logs.ts';
import { planRefresh, type RefreshOptions, type RefreshSummary, refresh } from './refresh.ts';

export interface OpenUpToDateOptions extends Omit<RefreshOptions, 'connection'> {
  /** Path of the warehouse, or `:memory:`. */
  readonly file: string;
  /** How long to wait for another process that writes it. */
  readonly waitMs: number;
  /** Called once when waiting takes longer than a second. */
  readonly onWait?: () => void;
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
  const { file, waitMs, onWait, ...rest } = options;
  const discovery = rest.discovery ?? findLogs(rest);
  const attempt = async (): Promise<UpToDate> => {
    if (file !== ':memory:' && existsSync(file)) {
      const reading = await openOnce({ file, mode: 'read' });
      try {
        const plan = await planRefresh({ ...rest, connection: reading, discovery });
        if (!plan.hasWork)
          return { connection: reading, isReadOnly: true, isSnapshot: false, summary: plan.summary };
      } catch (error) {
        reading.close();
        throw error;
      }
      reading.close();
    }
    const connection = await openOnce({ file, mode: 'write' });
    try {
      const summary = await refresh({ ...rest, connection, discovery });
      return { connection, isReadOnly: false, isSnapshot: false, summary };
    } catch (error) {
      connection.close();
      throw explainFullDisk(error, file);
    }
  };
  const opened = await whileBusy(attempt, { waitMs, ...(onWait === undefined ? {} : { onWait }) });
  if (opened !== undefined) return opened;
  return { connection: await openSnapshot(file), isReadOnly: true, isSnapshot: true, summary: null };
}
