import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Plan } from '../model/plan.ts';
import { runPool } from './pool.ts';
import type { ScanJob, ScanOutcome } from './scan-source.ts';
import { createStage, type Readers, type StagedShare } from './stage.ts';

export type { Fingerprint } from './fingerprint.ts';
export type { Reject } from './line-feed.ts';
export { type PhysicalColumn, physicalColumns, type StagedType } from './physical-columns.ts';
export { sourceFingerprint } from './read-source.ts';
export type { ScanJob, ScanOutcome } from './scan-source.ts';
export type { Readers } from './stage.ts';

/** A batch of jobs, cut into columns. */
export interface StagedBatch {
  readonly batch: number;
  /** Parquet files with rows by `<plan>.<table>`; a table without rows has no key. The consumer deletes them when done. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  /** One per job, in the order of the jobs. */
  readonly outcomes: readonly ScanOutcome[];
}

export interface ProjectOptions {
  readonly plans: readonly Plan[];
  /** For jobs that name one. The worker's entry has its own, of the same names. */
  readonly readers?: Readers;
  /** Sorted by batch. */
  readonly jobs: readonly ScanJob[];
  /** A private temporary folder, made and removed by the caller. */
  readonly directory: string;
  /** Worker threads; 0 scans on the calling thread, as is done for little work anyway. */
  readonly workers?: number;
  /** Bytes read so far, of all jobs. */
  readonly onProgress?: (bytesDone: number) => void;
  /** The scanner, if it is not where this file expects it. */
  readonly wasm?: Uint8Array;
  readonly workerUrl?: URL;
}

/** Up to so many bytes a worker costs more than it gains. */
const LITTLE_WORK = 8_000_000;
const MOST_WORKERS = 4;

/**
 * Cuts the columns that the plans declare out of JSON Lines files, into Parquet parts, batch by batch and in order.
 *
 * What is wrong with a file or a line stands in the outcomes; only a fault of ours, or of the disk that the parts go to, is thrown.
 */
export async function* projectFiles(options: ProjectOptions): AsyncGenerator<StagedBatch, void, undefined> {
  const { plans, jobs, directory, onProgress } = options;
  if (jobs.length === 0) return;
  const module = new WebAssembly.Module(
    options.wasm ? Uint8Array.from(options.wasm) : readFileSync(built('scan.wasm')),
  );
  const batches = [...new Set(jobs.map(({ batch }) => batch))];
  const order = new Map(jobs.map(({ sourceNo }, i) => [sourceNo, i]));
  const bytes = jobs.reduce((sum, { size, from }) => sum + Math.max(0, size - from), 0);
  const workers = Math.min(options.workers ?? Math.min(availableParallelism(), MOST_WORKERS), jobs.length);
  if (workers === 0 || (options.workers === undefined && bytes < LITTLE_WORK)) {
    const { readers } = options;
    const extras = { ...(readers && { readers }), ...(onProgress && { onProgress }) };
    yield* scanHere({ module, plans, jobs, batches, directory, ...extras });
    return;
  }
  const workerUrl = options.workerUrl ?? built('worker.mjs');
  const pool = {
    module,
    plans,
    jobs,
    batches,
    directory,
    workers,
    workerUrl,
    ...(onProgress && { onProgress }),
  };
  for await (const shares of runPool(pool)) yield join(shares, order);
}

async function* scanHere(
  options: Pick<ProjectOptions, 'plans' | 'readers' | 'jobs' | 'directory' | 'onProgress'> & {
    readonly module: WebAssembly.Module;
    readonly batches: readonly number[];
  },
): AsyncGenerator<StagedBatch> {
  const { jobs, batches, onProgress } = options;
  let done = 0;
  const stage = createStage({
    ...options,
    worker: 0,
    onRead: (bytes) => {
      done += bytes;
    },
  });
  for (const batch of batches) {
    stage.begin(batch);
    for (const job of jobs) {
      if (job.batch !== batch) continue;
      stage.scan(job);
      onProgress?.(done);
    }
    yield stage.end();
  }
}

/** The shares of several workers as one batch. */
function join(shares: readonly StagedShare[], order: ReadonlyMap<number, number>): StagedBatch {
  const parts: Record<string, string[]> = {};
  for (const share of shares)
    for (const [key, paths] of Object.entries(share.parts)) {
      parts[key] ??= [];
      parts[key].push(...paths);
    }
  const outcomes = shares
    .flatMap((share) => share.outcomes)
    .sort((a, b) => (order.get(a.sourceNo) ?? 0) - (order.get(b.sourceNo) ?? 0));
  return { batch: shares[0]?.batch ?? 0, parts, outcomes };
}

/** What the build made: beside this file once bundled, in `dist` when run from the sources. */
function built(name: string): URL {
  const beside = new URL(name, import.meta.url);
  return existsSync(beside) ? beside : new URL(`../../dist/${name}`, import.meta.url);
}
