import { Worker } from 'node:worker_threads';
import type { WorkerFactory } from './protocol.ts';

/** Young generation of a worker's heap, in MB: windows as text die young, and two of them are enough. */
const YOUNG_MB = 24;

/** Worker threads of this process. */
export const threads: WorkerFactory = (setup) =>
  new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: setup,
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
