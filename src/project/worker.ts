// The entry of a worker thread: pulls jobs until none is left and reports each batch's share.

import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerOrder } from './pool.ts';
import { createStage } from './stage.ts';

const order = workerData as WorkerOrder;
const gate = new Int32Array(order.shared);
const progress = new BigInt64Array(order.progress);
const stage = createStage({
  ...order,
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

function take() {
  return order.jobs[Atomics.add(gate, 0, 1)];
}
