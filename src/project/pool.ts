import { Worker } from 'node:worker_threads';
import type { Plan } from '../model/plan.ts';
import type { ScanJob } from './scan-source.ts';
import type { StagedShare } from './stage.ts';

/** What a worker is started with. */
export interface WorkerOrder {
  readonly module: WebAssembly.Module;
  readonly plans: readonly Plan[];
  readonly jobs: readonly ScanJob[];
  /** The batches that it has a share in. */
  readonly batches: readonly number[];
  readonly directory: string;
  readonly worker: number;
  /** Two numbers that all workers share: the next job, and how many batches may be begun. */
  readonly shared: SharedArrayBuffer;
  /** Bytes read by all workers. */
  readonly progress: SharedArrayBuffer;
}

export interface PoolOptions {
  readonly module: WebAssembly.Module;
  readonly plans: readonly Plan[];
  readonly jobs: readonly ScanJob[];
  readonly batches: readonly number[];
  readonly directory: string;
  readonly workers: number;
  readonly workerUrl: URL;
  readonly onProgress?: (bytesDone: number) => void;
}

/** So many batches may be scanned ahead of the one that is being consumed: parts on disk stay few. */
const BATCHES_AHEAD = 2;
const PROGRESS_EVERY_MS = 100;
/** What a worker makes it lets go of at once: with more room for the young, it would only lie there longer. */
const YOUNG = { maxYoungGenerationSizeMb: 8 };

/** Runs the jobs in worker threads; yields the shares of all workers, batch by batch. */
export async function* runPool(options: PoolOptions): AsyncGenerator<readonly StagedShare[]> {
  const { module, plans, jobs, batches, directory, workerUrl, onProgress } = options;
  const shared = new SharedArrayBuffer(8);
  const gate = new Int32Array(shared);
  const progress = new SharedArrayBuffer(8);
  const bytesDone = (): number => Number(Atomics.load(new BigInt64Array(progress), 0));
  const shares = new Map<number, StagedShare[]>(batches.map((batch) => [batch, []]));
  let failure: unknown;
  let wake = (): void => {};
  const fail = (error: unknown): void => {
    failure ??= error;
    wake();
  };
  Atomics.store(gate, 1, BATCHES_AHEAD);
  // The first batch is waited for. The others are read, by one, while the one before is stored, which takes far longer.
  const firstBatch = batches.slice(0, 1);
  const workers = Array.from({ length: options.workers }, (_, worker) => {
    const own = worker === 0 ? batches : firstBatch;
    const workerData: WorkerOrder = {
      module,
      plans,
      jobs,
      batches: own,
      directory,
      worker,
      shared,
      progress,
    };
    const thread = new Worker(workerUrl, { workerData, execArgv: [], resourceLimits: YOUNG });
    let isDone = false;
    thread.on('message', (share: StagedShare) => {
      shares.get(share.batch)?.push(share);
      isDone = share.batch === own.at(-1);
      wake();
    });
    thread.on('error', fail);
    thread.on('exit', (code) => {
      if (!isDone) fail(new Error(`a worker ended before its work, with code ${code}`));
    });
    return thread;
  });
  const timer = onProgress && setInterval(() => onProgress(bytesDone()), PROGRESS_EVERY_MS);
  timer?.unref();
  const end = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    for (const [index, batch] of batches.entries()) {
      const shareCount = index === 0 ? workers.length : 1;
      while ((shares.get(batch)?.length ?? 0) < shareCount) {
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      onProgress?.(bytesDone());
      // What the workers hold is wanted for storing the last batch.
      if (batch === batches.at(-1)) await end();
      yield shares.get(batch) ?? [];
      shares.delete(batch);
      Atomics.store(gate, 1, index + 1 + BATCHES_AHEAD);
      Atomics.notify(gate, 1);
    }
  } finally {
    clearInterval(timer);
    await end();
  }
}
