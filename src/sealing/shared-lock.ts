import { createHash } from 'node:crypto';
import { type Mac, canonical } from '#kernel';
import { type ReadTx, type WriteTx, statement } from '#storage';

type SharedLockRow = {
  readonly id: number;
  /** Counts every locking and unlocking, from 1. */
  readonly serial: number;
  readonly locked: number;
  readonly changed_at: number;
  readonly mac: Uint8Array;
};
type Tables = { shared_lock: SharedLockRow };

const lockRow = statement<Tables, Record<never, never>, SharedLockRow>((db) =>
  db.selectFrom('shared_lock').selectAll().where('id', '=', 1),
);

const putLockRow = statement<Tables, Omit<SharedLockRow, 'id'>>((db, row) =>
  db
    .insertInto('shared_lock')
    .values({ id: 1, serial: row.serial, locked: row.locked, changed_at: row.changed_at, mac: row.mac })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ serial: row.serial, locked: row.locked, changed_at: row.changed_at, mac: row.mac }),
    ),
);

/** What the row says of the lock that holds for every process of an installation. */
export type SharedLock = {
  /** 0 before the first locking. */
  readonly serial: number;
  readonly locked: boolean;
  /** What the ledger binds of this serial; zeros before the first locking. */
  readonly hash: Uint8Array;
  /** False for a row that we did not write: whoever can write the database may lock, never unlock. */
  readonly genuine: boolean;
};

const NEVER: SharedLock = { serial: 0, locked: false, hash: new Uint8Array(32), genuine: true };

export const readSharedLock = async (tx: ReadTx, macs: readonly Mac[]): Promise<SharedLock> => {
  const row = await tx.one(lockRow, {});
  if (row === undefined) return NEVER;
  return {
    serial: row.serial,
    locked: row.locked !== 0,
    hash: hashOf(row.serial, row.locked),
    genuine: macs.some((mac) => mac.verify(message(row), row.mac)),
  };
};

/** Writes the next state; the caller binds the hash in the ledger, in the same commit. */
export const writeSharedLock = async (
  tx: WriteTx,
  mac: Mac,
  { serial, locked }: Pick<SharedLock, 'serial' | 'locked'>,
  now: number,
): Promise<SharedLock> => {
  const row = { serial, locked: locked ? 1 : 0, changed_at: now };
  await tx.run(putLockRow, { ...row, mac: mac.tag(message(row)) });
  return { serial, locked, hash: hashOf(serial, row.locked), genuine: true };
};

/** `canonical(table and format, columns in order)`, as the other rows under a code. */
const message = (row: Omit<SharedLockRow, 'id' | 'mac'>): Uint8Array =>
  canonical(['shared_lock/1', row.serial, row.locked, row.changed_at]);

const hashOf = (serial: number, locked: number): Uint8Array =>
  createHash('sha256')
    .update(canonical(['shared_lock/1', serial, locked]))
    .digest();
