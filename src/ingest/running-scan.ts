import { rmSync } from 'node:fs';
import { adapters } from '../../adapters/index.ts';
import { projectFiles, type ScanJob, type StagedBatch } from '../project/project.ts';
import { atExit } from '../warehouse/at-exit.ts';
import type { Change } from './compare.ts';
import { readerName, readers } from './readers.ts';
import { makeScratch, removeScratch } from './scratch.ts';

/** A change with the number that its source has, or is to have, in the warehouse. */
export interface NumberedChange extends Change {
  readonly sourceNo: number;
}

/** How far a load is: while it waits for logs to be read, by bytes; while it stores them, by the part of all that is to be stored. */
export type ScanProgress = { readonly fileCount: number } & (
  | { readonly phase: 'reading'; readonly bytesDone: number; readonly bytesTotal: number }
  | { readonly phase: 'storing'; readonly doneRatio: number }
);

/** What is stored in one transaction. */
export interface StagedPortion extends StagedBatch {
  readonly isLast: boolean;
}

/** Logs being cut into columns, while something else is made ready to take them. */
export interface RunningScan {
  readonly changes: readonly NumberedChange[];
  /** The batches in order; the folder they stand in is removed after the last, or when the consumer leaves. */
  readonly batches: () => AsyncGenerator<StagedPortion, undefined>;
  /** Says how much of the batch at hand is stored, from 0 to 1. */
  readonly reportStored: (ratio: number) => void;
  /** Ends it early. */
  readonly stop: () => Promise<void>;
}

/**
 * Logs are staged and stored in portions of this size, so that memory does not depend on how many there are. While one is
 * stored the next is read.
 */
const PORTION_BYTES = 512_000_000;

/** Agents in a portion at most: the steps of an adapter's SQL take some memory until the transaction ends, however few its logs. */
const PORTION_AGENTS = 6;

/** Numbers the sources of changes: those known keep their number, the others follow the last one given. */
export function numberChanges(changes: readonly Change[], lastSourceNo: number): readonly NumberedChange[] {
  let nextSourceNo = lastSourceNo + 1;
  return changes.map((change) => ({ ...change, sourceNo: change.known?.sourceNo ?? nextSourceNo++ }));
}

/** Begins to read what changed. The work goes on in other threads while the caller does something else. */
export function startScan(
  changes: readonly NumberedChange[],
  onProgress?: (progress: ScanProgress) => void,
): RunningScan {
  const jobs = planJobs(changes.filter(({ kind }) => kind !== 'returned'));
  const bytesTotal = jobs.reduce((sum, { size, from }) => sum + size - from, 0);
  const fileCount = jobs.length;
  const batchCount = new Set(jobs.map(({ batch }) => batch)).size;
  let batchesStored = 0;
  let isStoring = false;
  const directory = makeScratch();
  const stay = atExit(() => removeScratch(directory));
  const staged = projectFiles({
    plans: adapters.map(({ plan }) => plan),
    readers,
    jobs,
    directory,
    onProgress: (bytesDone) => {
      if (!isStoring) onProgress?.({ phase: 'reading', bytesDone, bytesTotal, fileCount });
    },
  });
  const first = staged.next();
  // Whoever takes the batches meets the error; until then it must not count as unhandled.
  first.catch(() => undefined);
  const stop = async (): Promise<void> => {
    await staged.return(undefined).catch(() => undefined);
    removeScratch(directory);
    stay();
  };
  const lastBatch = jobs.at(-1)?.batch;
  async function* batches(): AsyncGenerator<StagedPortion, undefined> {
    try {
      for (let next = await first; next.done !== true; next = await staged.next()) {
        isStoring = true;
        yield { ...next.value, isLast: next.value.batch === lastBatch };
        isStoring = false;
        batchesStored += 1;
        for (const part of Object.values(next.value.parts).flat()) rmSync(part, { force: true });
      }
    } finally {
      await stop();
    }
  }
  const reportStored = (ratio: number): void =>
    onProgress?.({ phase: 'storing', doneRatio: (batchesStored + ratio) / batchCount, fileCount });
  return { changes, batches, reportStored, stop };
}

/** By agent, of each big files first, so that the end of the queue is short. */
function planJobs(changes: readonly NumberedChange[]): readonly ScanJob[] {
  const jobs = changes
    .map(({ kind, known, file, sourceNo }) => {
      const isGrown = kind === 'grown' && known !== undefined;
      const reader = readerName(file.adapter, file.form);
      if (reader !== undefined) {
        const mark = isGrown ? known.readMark : null;
        return {
          sourceNo,
          path: file.path,
          plan: file.adapter.plan.name,
          from: 0,
          lineNo: 0,
          size: file.sizeBytes,
          reader,
          ...(mark === null ? {} : { mark }),
        };
      }
      return {
        sourceNo,
        path: file.path,
        plan: file.adapter.plan.name,
        from: isGrown ? known.parsedBytes : 0,
        lineNo: isGrown ? known.lineCount : 0,
        size: file.sizeBytes,
        ...(isGrown && file.adapter.forms[file.form]?.wholeFor !== undefined ? { to: file.sizeBytes } : {}),
      };
    })
    .sort(
      (a, b) =>
        placeOf(a.plan) - placeOf(b.plan) ||
        b.size - b.from - (a.size - a.from) ||
        (a.path < b.path ? -1 : 1),
    );
  return inPortions(jobs);
}

const placeOf = (plan: string): number => adapters.findIndex((adapter) => adapter.plan.name === plan);

/** A portion ends with the job that fills it, or before one too many agents. */
function inPortions(jobs: readonly Omit<ScanJob, 'batch'>[]): readonly ScanJob[] {
  let batch = 0;
  let filled = 0;
  let agents = new Set<string>();
  return jobs.map((job) => {
    if (filled >= 1 || (agents.size === PORTION_AGENTS && !agents.has(job.plan))) {
      batch += 1;
      filled = 0;
      agents = new Set();
    }
    agents.add(job.plan);
    filled += (job.size - job.from) / (adapters[placeOf(job.plan)]?.portionBytes ?? PORTION_BYTES);
    return { ...job, batch };
  });
}
