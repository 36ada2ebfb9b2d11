import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerOrder } from './pool.ts';
import { createStage, type Readers } from './stage.ts';

/** The work of a worker thread: pulls jobs until none is left and reports each batch's share. */
export function runWorker(readers: Readers): void {
  const order = workerData as WorkerOrder;
  const gate = new Int32Array(order.shared);
  const progress = new BigInt64Array(order.progress);
  const take = () => order.jobs[Atomics.add(gate, 0, 1)];
  const stage = createStage({
    ...order,
    readers,
    onRead: (bytes) => {
      Atomics.add(progress, 0, BigInt(bytes));
    },
  });
  let job = take();
  for (const [index, batch] of order.batches.entries()) {
    for (let allowed = Atomics.load(gate, 1); index >= allowed; allowed = Atomics.load(gate, 1))
      Atomics.wait(gate, 1, allowed);
    stage.begin(batch);
    while (job?.batch === batch) {
      stage.scan(job);
      job = take();
    }
    parentPort?.postMessage(stage.end());
  }
}
