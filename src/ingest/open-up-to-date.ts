import { existsSync } from 'node:fs';
import { whileBusy } from '../warehouse/busy.ts';
import type { Connection } from '../warehouse/connection.ts';
import { explainWriting } from '../warehouse/explain-writing.ts';
import { warehouseStamp } from '../warehouse/file-stamp.ts';
import type { Discovery } from './discover.ts';
import { findLogs } from './find-logs.ts';
import { keepUnchanged, readUnchanged, type State, stateNow } from './kept-answers.ts';
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
  /** Changes with the program; left out: whether there is anything to do is found out each time. */
  readonly program?: string;
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
  /** What the file was before it was opened; undefined where it is open to be written. */
  readonly stamp?: string;
}

/**
 * Opens a warehouse and brings it up to date with the logs.
 *
 * It is opened for reading first, beside any number of others; only when something changed is it opened for writing.
 * While another process writes, this one waits and looks again; when the time is up it answers from what was there.
 */
export async function openUpToDate(options: OpenUpToDateOptions): Promise<UpToDate> {
  const { file, program: _, waitMs, onWait, signal, ...rest } = options;
  let { discovery } = rest;
  const foundLogs = (): Discovery => {
    discovery ??= findLogs(rest);
    return discovery;
  };
  const attempt = async (): Promise<UpToDate> => {
    signal?.throwIfAborted();
    // Nothing is known of a new warehouse: its logs are read while DuckDB is loaded and the tables are made.
    const isNew = file === ':memory:' || !existsSync(file);
    const scan = isNew
      ? startScan(numberChanges(firstChanges(foundLogs(), rest.newestBytes), 0), rest.onProgress)
      : undefined;
    try {
      const { openOnce } = await import('../warehouse/open.ts');
      let planned: Planned | undefined;
      if (!isNew) {
        const stamp = warehouseStamp(file);
        // DuckDB reads the file while the logs are looked for.
        const opening = openOnce({ file, mode: 'read' });
        const state = stateOf(options, { discovery: foundLogs(), stamp });
        const unchanged = state && readUnchanged(state);
        const connection = await opening;
        const open = { connection, isReadOnly: true, isSnapshot: false, stamp };
        if (unchanged !== undefined) return { ...open, summary: unchanged };
        const plan = await planOrClose({ ...rest, connection, discovery: foundLogs() });
        if (!plan.hasWork) {
          if (state !== undefined) keepUnchanged(state, plan.summary);
          return { ...open, summary: plan.summary };
        }
        connection.close();
        planned = { plan, stamp };
      }
      const { loadChanges } = await import('./load-changes.ts');
      const loading = { ...rest, discovery: foundLogs(), ...(scan && { scan }) };
      try {
        return { isSnapshot: false, ...(await loadChanges({ file, signal, options: loading, planned })) };
      } catch (error) {
        throw explainWriting(error, file);
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

/** The state of the warehouse that had this stamp before it was opened. */
function stateOf(
  { file, program, priceFolder }: OpenUpToDateOptions,
  { discovery, stamp }: { readonly discovery: Discovery; readonly stamp: string },
): State | undefined {
  const state = program === undefined ? undefined : stateNow({ file, program, priceFolder, discovery });
  return state?.warehouse === stamp ? state : undefined;
}

async function planOrClose(options: RefreshOptions): Promise<RefreshPlan> {
  try {
    return await planRefresh(options);
  } catch (error) {
    options.connection.close();
    throw error;
  }
}
