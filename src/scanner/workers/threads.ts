import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorkerFactory } from './protocol.ts';

/** Young generation of a worker's heap, in MB: windows as text die young, and two of them are enough. */
const YOUNG_MB = 24;

/** Worker threads of this process. Of its environment they get the cache of compiled code alone: it halves their start. */
export const threads: WorkerFactory = (setup) => {
  const cache = getCompileCacheDir();
  return new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: setup,
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
};
