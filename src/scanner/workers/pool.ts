import type { Handed, Scanned } from '../scan-content.ts';
import type { Batch, Results, WorkerFactory, WorkerLike, WorkerSetup } from './protocol.ts';

/** Batches that wait at one worker, so that it never idles while the next is made, or looked through by the caller. */
const AHEAD = 3;

export type Pool = {
  /** Whether a worker took the batch; what is scanned goes to `done`. If not, all have enough to do, or died. */
  offer(units: readonly Handed[]): boolean;
  /** Waits for everything that was given. */
  settle(): Promise<void>;
  close(): Promise<void>;
};

type Member = { readonly worker: WorkerLike; readonly waiting: Map<number, readonly Handed[]>; dead: boolean };

/** Hands batches to the worker with the least to do. A worker that dies takes its batches with it, as gaps. */
export const openPool = (
  factory: WorkerFactory,
  count: number,
  setup: WorkerSetup,
  done: (units: readonly Handed[], scanned: readonly Scanned[]) => void,
): Pool => {
  let next = 0;
  let wake: (() => void)[] = [];
  const wakeAll = () => {
    const all = wake;
    wake = [];
    for (const one of all) one();
  };
  const lose = (member: Member) => {
    if (member.dead) return;
    member.dead = true;
    for (const units of member.waiting.values()) done(units, units.map(lost));
    member.waiting.clear();
    wakeAll();
  };
  const members = Array.from({ length: count }, (): Member => {
    const member: Member = { worker: factory(setup), waiting: new Map(), dead: false };
    member.worker.on('message', ({ id, scanned }: Results) => {
      const units = member.waiting.get(id);
      member.waiting.delete(id);
      if (units !== undefined) done(units, scanned);
      wakeAll();
    });
    member.worker.on('error', () => lose(member));
    member.worker.on('exit', () => lose(member));
    return member;
  });
  const change = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake.push(resolve);
    return promise;
  };

  return {
    offer(units) {
      let idlest: Member | undefined;
      for (const member of members)
        if (!member.dead && member.waiting.size < (idlest?.waiting.size ?? AHEAD)) idlest = member;
      if (idlest === undefined) return false;
      const batch: Batch = { id: next++, units };
      idlest.waiting.set(batch.id, units);
      idlest.worker.postMessage(batch, transferable(units));
      return true;
    },
    async settle() {
      while (members.some(({ waiting }) => waiting.size > 0)) await change();
    },
    async close() {
      for (const member of members) member.dead = true;
      await Promise.all(members.map(({ worker }) => worker.terminate()));
    },
  };
};

/** Bytes that own their buffer are moved; views of a larger one are copied. */
const transferable = (units: readonly Handed[]): ArrayBuffer[] => {
  const buffers = new Set<ArrayBuffer>();
  for (const { content } of units)
    if (
      content.type === 'bytes' &&
      content.bytes.byteLength === content.bytes.buffer.byteLength &&
      content.bytes.buffer instanceof ArrayBuffer
    )
      buffers.add(content.bytes.buffer);
  return [...buffers];
};

const lost = ({ path }: Handed): Scanned => ({
  found: [],
  bytes: 0,
  left: null,
  packed: false,
  gap: { path, code: 'failed', message: 'The thread that looked through it died. Scan it by itself to see why.' },
});
