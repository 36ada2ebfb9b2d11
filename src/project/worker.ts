import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerOrder } from './pool.ts';
import type { ScanJob } from './scan-source.ts';
import { createStage, type Readers } from './stage.ts';

/** The work of a worker thread: pulls jobs until none is left and reports each batch's share. */
export function runWorker(readers: Readers): void {
  const order = workerData as WorkerOrder;
  const gate = new Int32Array(order.shared);
  const progress = new BigInt64Array(order.progress);
  /** The next job, if it is of this batch. */
  const take = (batch: number): ScanJob | undefined => {
    for (;;) {
      const next = Atomics.load(gate, 0);
      const job = order.jobs[next];
      if (job?.batch !== batch) return undefined;
      if (Atomics.compareExchange(gate, 0, next, next + 1) === next) return job;
    }
  };
  const stage = createStage({
    ...order,
    readers,
    onRead: (bytes) => {
      Atomics.add(progress, 0, BigInt(bytes));
    },
  });
  for (const [index, batch] of order.batches.entries()) {
    for (let allowed = Atomics.load(gate, 1); index >= allowed; allowed = Atomics.load(gate, 1))
      Atomics.wait(gate, 1, allowed);
    stage.begin(batch);
    for (let job = take(batch); job !== undefined; job = take(batch)) stage.scan(job);
    parentPort?.postMessage(stage.end());
  }
}
