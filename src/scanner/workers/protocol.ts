import type { Search } from '../open-plan.ts';
import type { Handed, Scanned } from '../scan-content.ts';

/** What a worker thread is born with. */
export type WorkerSetup = Pick<Search, 'builtin' | 'rules'>;

export type Batch = { readonly id: number; readonly units: readonly Handed[] };

/** One per unit of the batch, in its order. Values of findings pass here in memory, between threads of one process. */
export type Results = { readonly id: number; readonly scanned: readonly Scanned[] };

/** The part of `worker_threads.Worker` that is used. */
export type WorkerLike = {
  postMessage(batch: Batch, transfer: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (results: Results) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  terminate(): Promise<unknown>;
  unref(): void;
};

export type WorkerFactory = (setup: WorkerSetup) => WorkerLike;
