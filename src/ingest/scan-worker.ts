// The entry of a worker thread.

import { runWorker } from '../project/worker.ts';
import { readers } from './readers.ts';

runWorker(readers);
