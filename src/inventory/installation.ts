import type { Deed } from '#deeds';
import { type ReadTx, type RowInspection, type WriteTx, rowSeal, rowUntrue, statement } from '#storage';
import { inventoryError } from './errors.ts';
import { INSTALLATION } from './place.ts';

export type Installation = {
  /** Origin of the ledger and name of its key, for example `chatelaine/7k3m…`. */
  readonly origin: string;
  /** A throwaway: marked as a demo everywhere. */
  readonly demo: boolean;
  readonly posture: string;
  readonly createdAt: number;
  /** When somebody said that the recovery kit lies in a safe place; null until then. */
  readonly kitConfirmedAt: number | null;
};

type InstallationRow = {
  readonly id: number;
  readonly origin: string;
  readonly demo: number;
  readonly posture: string;
  readonly created_at: number;
  readonly kit_confirmed_at: number | null;
  readonly mac: Uint8Array | null;
};
type Tables = { installation: InstallationRow };

/** The reminder decides nothing. */
const installationSeal = rowSeal<InstallationRow>('installation/1', ['id', 'origin', 'demo', 'posture', 'created_at']);

const selectInstallation = statement<Tables, Record<never, never>, InstallationRow>((db) =>
  db.selectFrom('installation').selectAll().where('id', '=', 1),
);
const insertInstallation = statement<Tables, InstallationRow>((db, row) =>
  db.insertInto('installation').values({
    id: row.id,
    origin: row.origin,
    demo: row.demo,
    posture: row.posture,
    created_at: row.created_at,
    kit_confirmed_at: row.kit_confirmed_at,
    mac: row.mac,
  }),
);
const giveCode = statement<Tables, { mac: Uint8Array }>(
  (db, { mac }) => db.updateTable('installation').set({ mac }).where('id', '=', 1),
  { givesFirstCode: true },
);
const confirmKitRow = statement<Tables, { at: number | null }>((db, { at }) =>
  db.updateTable('installation').set({ kit_confirmed_at: at }).where('id', '=', 1),
);

/** As the database has it, believed by nobody: what is shown, and the ledger's name, while there may be no key. */
export const readInstallation = async (tx: ReadTx): Promise<Installation | undefined> => {
  const row = await tx.one(selectInstallation, {});
  return row === undefined ? undefined : installationOf(row);
};

/** For decisions. Errors: `storage.row_untrue`. */
export const readTrueInstallation = async (tx: ReadTx): Promise<Installation | undefined> => {
  const row = await tx.one(selectInstallation, {});
  if (row === undefined) return undefined;
  if (!installationSeal.isTrue(tx.guard.keys(), row)) throw rowUntrue('installation', String(row.id));
  return installationOf(row);
};

const installationOf = (row: InstallationRow): Installation => ({
  origin: row.origin,
  demo: row.demo === 1,
  posture: row.posture,
  createdAt: row.created_at,
  kitConfirmedAt: row.kit_confirmed_at,
});

/** What is wrong with the row, for the check of all of them. */
export const checkInstallation = async (tx: ReadTx, inspection: RowInspection): Promise<readonly string[]> =>
  inspection.inspect(
    'installation',
    await tx.all(selectInstallation, {}),
    ({ id }) => String(id),
    installationSeal.isTrue,
  );

/** Gives the row of before there were codes its own. */
export const giveInstallationCode = async (tx: WriteTx): Promise<void> => {
  const row = await tx.one(selectInstallation, {});
  if (row !== undefined) await tx.run(giveCode, { mac: installationSeal.seal(tx.guard.keys()[0]!, row).mac });
};

/** Part of the very first commit. */
export const storeInstallation = async (
  tx: WriteTx,
  installation: Omit<Installation, 'kitConfirmedAt'>,
): Promise<void> => {
  const row = {
    id: 1,
    origin: installation.origin,
    demo: installation.demo ? 1 : 0,
    posture: installation.posture,
    created_at: installation.createdAt,
    kit_confirmed_at: null,
  };
  await tx.run(insertInstallation, installationSeal.seal(tx.guard.keys()[0]!, row));
};

/** Part of the deed that makes a new kit: reminders begin again. */
export const unconfirmKit = async (tx: WriteTx): Promise<void> => {
  await tx.run(confirmKitRow, { at: null });
};

/** Records that the recovery kit was put in a safe place; ends the reminders. */
export const confirmKit: Deed<Record<never, never>, void> = {
  name: 'confirm-kit',
  action: 'installation.confirm-kit',
  effect: 'change',
  facts: async () => ({ resource: INSTALLATION }),
  async apply(tx, _input, _facts, { now }) {
    if ((await tx.run(confirmKitRow, { at: now })) === 0)
      throw inventoryError('no_project', 'There is no installation yet.', { project: 'installation' });
  },
};
