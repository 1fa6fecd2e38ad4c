import { parentPort, workerData } from 'node:worker_threads';
import { planFor } from '../open-plan.ts';
import { type Scanned, scanContent } from '../scan-content.ts';
import type { Batch, Results, WorkerSetup } from './protocol.ts';

const plan = planFor(workerData as WorkerSetup);

parentPort?.on('message', ({ id, units }: Batch) => {
  void (async () => {
    const scanned: Scanned[] = [];
    for (const unit of units) scanned.push(await scanContent(await plan, unit));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has no origin
    parentPort?.postMessage({ id, scanned } satisfies Results);
  })();
});
