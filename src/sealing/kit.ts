import { type Mac, type Random, type Secret, canonical } from '#kernel';
import type { ReadTx, RowInspection, WriteTx } from '#storage';
import { makeAgeIdentity } from './age.ts';
import { sealingError } from './errors.ts';
import { RECOVERY_KEY, recoveryGuard, recoveryPublicKey } from './providers/recovery-key.ts';
import { formatRecoveryKey, makeRecoveryKey } from './recovery-key.ts';
import { type PreparedRoot, type RootKey, currentRootRow, wrapRoot } from './root-key.ts';
import {
  type RecoveryKitRow,
  deleteRecoveryKit,
  deleteRootKeyCopy,
  putRecoveryKit,
  putRootKeyCopy,
  recoveryKit,
} from './tables.ts';

/** What the installation knows of its recovery kit. */
export type Kit = {
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly madeBy: string;
  /** Accessor of the token that breaks the glass. */
  readonly token: string;
  /** age recipient of backups. */
  readonly backupRecipient: string;
};

/** A kit before it is in force. The two secrets are printed once and kept nowhere. */
export type PreparedKit = {
  /** As printed; see `recovery-key.ts`. */
  readonly recoveryKey: Secret;
  /** age identity, as text. */
  readonly backupIdentity: Secret;
  readonly publicKey: Uint8Array;
  readonly backupRecipient: string;
  readonly root: PreparedRoot;
};

export const prepareKit = async (root: RootKey, random: Random): Promise<PreparedKit> => {
  const key = makeRecoveryKey(random);
  const publicKey = recoveryPublicKey(key);
  const { identity, recipient } = await makeAgeIdentity();
  const prepared = {
    recoveryKey: formatRecoveryKey(key),
    backupIdentity: identity,
    publicKey,
    backupRecipient: recipient,
    root: await wrapRoot(recoveryGuard(publicKey), root, random),
  };
  key.wipe();
  return prepared;
};

/** Errors: `sealing.rekeyed` when the root key changed since the kit was prepared. */
export const keepKit = async (
  tx: WriteTx,
  mac: Mac,
  { publicKey, backupRecipient, root }: PreparedKit,
  token: string,
  { now, by }: { readonly now: number; readonly by: string },
): Promise<void> => {
  if ((await currentRootRow(tx))?.term !== root.root.term)
    throw sealingError('rekeyed', 'The root key was changed while the kit was made.');
  await tx.run(putRootKeyCopy, { ...root.row, created_at: now });
  const row = { id: 1, made_at: now, made_by: by, token, recovery_key: publicKey, backup_recipient: backupRecipient };
  await tx.run(putRecoveryKit, { ...row, mac: mac.tag(message(row)) });
};

/** Ends the kit in force: its key opens no root key of this database any more. False where there was none. */
export const dropKit = async (tx: WriteTx): Promise<boolean> => {
  await tx.run(deleteRootKeyCopy, { provider: RECOVERY_KEY });
  return (await tx.run(deleteRecoveryKit, { id: 1 })) > 0;
};

export const readKit = async (tx: ReadTx, macs: readonly Mac[]): Promise<Kit | undefined> => {
  const row = await trueRow(tx, macs);
  return row === undefined
    ? undefined
    : { madeAt: row.made_at, madeBy: row.made_by, token: row.token, backupRecipient: row.backup_recipient };
};

/** What is wrong with the record, for the check of all rows under a code. */
export const checkKit = async (tx: ReadTx, inspection: RowInspection): Promise<readonly string[]> =>
  inspection.inspect(
    'recovery_kit',
    await tx.all(recoveryKit, {}),
    ({ id }) => String(id),
    (macs, row) => macs.some((mac) => mac.verify(message(row), row.mac)),
  );

/** After a rekey the kit in the drawer opens the new root key as well. */
export const wrapForKit = async (
  tx: WriteTx,
  macs: readonly Mac[],
  root: RootKey,
  now: number,
  random: Random,
): Promise<void> => {
  const kit = await trueRow(tx, macs);
  if (kit === undefined) return;
  const { row } = await wrapRoot(recoveryGuard(kit.recovery_key), root, random);
  await tx.run(putRootKeyCopy, { ...row, provider: RECOVERY_KEY, created_at: now });
};

const trueRow = async (tx: ReadTx, macs: readonly Mac[]): Promise<RecoveryKitRow | undefined> => {
  const row = await tx.one(recoveryKit, {});
  if (row !== undefined && !macs.some((mac) => mac.verify(message(row), row.mac)))
    throw sealingError('damaged', 'The record of the recovery kit was forged or changed.', { what: 'recovery kit' });
  return row;
};

/** `canonical(table and format, columns in order)`, as the other rows under a code. */
const message = (row: Omit<RecoveryKitRow, 'mac'>): Uint8Array =>
  canonical(['recovery_kit/1', row.id, row.made_at, row.made_by, row.token, row.recovery_key, row.backup_recipient]);
