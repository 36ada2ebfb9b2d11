import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import type { Surroundings } from './open-warehouse.ts';
import type { LoadOptions, LoadSummary } from './warehouse.ts';

export interface LoadTarget {
  readonly surroundings: Surroundings;
  readonly file: string;
  /** How long to wait for another process that loads. */
  readonly waitMs: number;
}

/** Brings a warehouse up to date with the logs. Throws `busy` while another process loads it. */
export async function runLoad(
  { surroundings, file, waitMs }: LoadTarget,
  { directories, onProgress, signal }: LoadOptions,
): Promise<LoadSummary> {
  const { openUpToDate } = await import('../ingest/open-up-to-date.ts');
  const { home, env, platform, cwd, host, userName, priceFolder } = surroundings;
  const paths = directories?.map((path) => resolve(cwd, path));
  const missing = paths?.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'There is no such file or folder.',
      source: missing,
    });
  }
  // A callback that throws ends the load, as the signal does: it is called from where no one could catch it.
  const ending = new AbortController();
  const end = (): void => ending.abort(signal?.reason);
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end, { once: true });
  const { connection, isSnapshot, summary } = await openUpToDate({
    file,
    waitMs,
    home,
    env,
    platform,
    cwd,
    host,
    userName,
    priceFolder,
    now: new Date(),
    signal: ending.signal,
    ...(paths === undefined ? {} : { paths }),
    onProgress: (progress) => {
      try {
        onProgress?.(progress);
      } catch (error) {
        ending.abort(error);
      }
    },
  }).finally(() => signal?.removeEventListener('abort', end));
  connection.close();
  if (isSnapshot || summary === null) {
    throw new AgenttraceError({
      code: 'busy',
      message: 'Another process is loading the warehouse.',
      source: file,
      hint: 'Try again when it is done.',
    });
  }
  const { sourceCount, unchangedCount, newCount, grownCount, rewrittenCount, vanishedCount } = summary;
  return {
    sourceCount,
    unchangedCount,
    newCount,
    grownCount,
    rewrittenCount,
    vanishedCount,
    bytesRead: summary.bytesRead,
    rejectCount: summary.rejectCount,
    unreadable: summary.unreadable.map(({ path, message }) => ({ path, message })),
  };
}
