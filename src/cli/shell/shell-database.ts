import { join } from 'node:path';
import { makeScratch, removeScratch } from '../../ingest/scratch.ts';
import { AgenttraceError } from '../../model/errors.ts';
import { applySettings } from '../../report/run-report.ts';
import type { Connection } from '../../warehouse/connection.ts';
import { ATTACHED_SEARCH_PATH, type Detachable, openDetachable } from '../../warehouse/detachable.ts';
import { enterSandbox } from '../../warehouse/sandbox.ts';
import { type Prepared, prepareWarehouse, sayWaiting, WAIT_MS } from '../context.ts';
import { note } from '../note.ts';
import type { Invocation } from '../spec.ts';
import type { Spool } from '../write-answer.ts';

/** The warehouse as a shell holds it: open while a statement runs, shut while the reader thinks. */
export interface ShellDatabase {
  /** Runs work in a transaction that may only read, with the warehouse open. */
  readonly use: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;
  /** Stops the work that is under way. */
  readonly interrupt: () => void;
  /** Brings the warehouse up to date with the logs; false where it is in memory and cannot be. */
  readonly refresh: () => Promise<boolean>;
  /** The lake, where that is what answers. */
  readonly team: Prepared['team'];
  /** Where DuckDB may write Parquet. */
  readonly spool: Spool;
  /** Folders of agents, whose files no answer may replace. */
  readonly logFolders: readonly string[];
  readonly close: () => void;
}

/** Thrown by work that its reader stopped. */
export const isStopped = (error: unknown): boolean => error === STOPPED;

const STOPPED = new AgenttraceError({ code: 'failed', message: 'Stopped.' });

/** Brings the warehouse up to date, and opens it in a sandbox. */
export async function openShellDatabase(invocation: Invocation): Promise<ShellDatabase> {
  const { runtime, options } = invocation;
  const prepared = await prepareWarehouse(invocation);
  const { file, summary, team } = prepared;
  const isInMemory = file === ':memory:';
  const folder = makeScratch();
  const removeFolder = (): void => removeScratch(folder);
  const spool: Spool = { file: join(folder, 'answer.parquet'), remove: () => undefined };
  const forgetFolder = runtime.onAbort(removeFolder);
  const held = isInMemory ? heldInMemory(prepared.connection) : undefined;
  if (held === undefined) prepared.close();
  const detachable =
    held ??
    (await openDetachable({
      file,
      folder,
      waitMs: WAIT_MS,
      onWait: () => sayWaiting(invocation),
      onSnapshot: () =>
        note(invocation, 'Another agenttrace is loading: this answer is from before it began.'),
    }));
  const { connection } = detachable;
  await detachable.attach();
  await applySettings(connection, {
    ...options,
    ...(isInMemory ? {} : { searchPath: ATTACHED_SEARCH_PATH }),
  });
  // What is attached while files are shut off may be attached again; a copy of it lies in the private folder.
  const readFolders = [folder, ...(team === undefined ? [] : [team.readFolder])];
  await enterSandbox(connection, { isInMemory, readFolders, outputFile: spool.file });
  await connection.execute('commit');
  await detachable.detach();
  const running = trackStatements(detachable);
  const forgetInterrupt = runtime.onAbort(connection.interrupt);
  return {
    ...running,
    refresh: async () => {
      if (isInMemory) return false;
      (await prepareWarehouse(invocation)).close();
      return true;
    },
    team,
    spool,
    logFolders: summary?.places.map(({ path }) => path) ?? [],
    close: () => {
      forgetInterrupt();
      forgetFolder();
      connection.close();
      removeFolder();
    },
  };
}

/** A warehouse in memory is nobody else's: it stays. */
const heldInMemory = (connection: Connection): Detachable => ({
  connection,
  attach: async () => undefined,
  detach: async () => undefined,
});

function trackStatements({
  connection,
  attach,
  detach,
}: Detachable): Pick<ShellDatabase, 'use' | 'interrupt'> {
  let stopping: AbortController | undefined;
  return {
    use: async (work) => {
      const stop = new AbortController();
      stopping = stop;
      try {
        await attach(stop.signal);
        try {
          return await inTransaction(connection, () => work(connection));
        } finally {
          await detach();
        }
      } catch (error) {
        throw stop.signal.aborted ? STOPPED : error;
      } finally {
        stopping = undefined;
      }
    },
    interrupt: () => {
      stopping?.abort(STOPPED);
      connection.interrupt();
    },
  };
}

async function inTransaction<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await connection.execute('begin transaction read only');
  try {
    const result = await work();
    await connection.execute('commit');
    return result;
  } catch (error) {
    await connection.execute('rollback').catch(() => undefined);
    throw error;
  }
}
