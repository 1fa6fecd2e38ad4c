import type { Deed } from '#deeds';
import { INSTALLATION } from '#inventory';
import { timingSafeEqual } from '#kernel';
import { type EntryDraft, headOf, programEntry } from '#ledger';
import type { Sealing, SharedLock } from '#sealing';
import type { ReadTx, WriteTx } from '#storage';

export type LockInForce = Pick<SharedLock, 'serial' | 'locked'> & {
  /** Row and ledger are as we wrote them last. */
  readonly sound: boolean;
};

/**
 * Whether all processes are locked. The row bears a code and the ledger binds its newest serial, so a row that was
 * forged, removed or put back is no way to unlock: whatever is not as we wrote it last counts as locked.
 * Errors: `sealing.locked`, `ledger.head_mismatch`.
 */
export const lockInForce = async (tx: ReadTx, sealing: Sealing): Promise<LockInForce> => {
  // The ledger first: a lock that comes in between is then newer in the row, which counts as locked too.
  const bound = await headOf(tx, INSTALLATION.id);
  const row = await sealing.sharedLock(tx);
  const agree = row.serial === (bound?.version ?? 0) && (bound === undefined || timingSafeEqual(row.hash, bound.hash));
  const sound = row.genuine && agree;
  return { serial: Math.max(row.serial, bound?.version ?? 0), locked: row.locked || !sound, sound };
};

/** Locks every process of the installation: each drops its keys before its next commit. */
export const lockAll = (sealing: Sealing): Deed<Record<never, never>, SharedLock> => ({
  name: 'lock',
  action: 'installation.lock',
  effect: 'change',
  // What shared the commit would come after the lock and before its acknowledgement.
  alone: true,
  facts: async () => ({ resource: INSTALLATION }),
  async apply(tx, _input, _facts, { now }) {
    const { serial } = await lockInForce(tx, sealing);
    return sealing.storeSharedLock(tx, { serial: serial + 1, locked: true }, now);
  },
  summary: (_input, { serial, hash }) => ({
    note: 'every process locks',
    heads: [{ version: serial, hash }],
  }),
});

/** Ends the lock of all processes, where there is one, in the commit of the first act of unlocking. */
export const endLock = async (
  tx: WriteTx,
  sealing: Sealing,
  now: number,
): Promise<{ readonly serial: number; readonly drafts: readonly EntryDraft[] }> => {
  const { serial, locked } = await lockInForce(tx, sealing);
  if (!locked) return { serial, drafts: [] };
  const open = await sealing.storeSharedLock(tx, { serial: serial + 1, locked: false }, now);
  const entry = programEntry('installation.unlock', now, 'ends the lock of every process');
  return { serial: open.serial, drafts: [{ ...entry, head: { version: open.serial, hash: open.hash } }] };
};
