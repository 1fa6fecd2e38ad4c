import type { CredentialPath, Head, Secret } from '#kernel';
import type { Deed } from '#deeds';
import type { Caller } from '#identity';
import { type PlaceFacts, inventoryError, moveCredentialTo, placeFacts, requireCredential } from '#inventory';
import type { ReadTx } from '#storage';
import type { SecretsPorts } from './ports.ts';
import { secretsError } from './errors.ts';
import { readVersion } from './read-version.ts';
import { requireSame } from './same-credential.ts';
import { resealRow, versionsOf } from './tables.ts';
import { sealable } from './value.ts';
import { bindingFor } from './version.ts';
import { listVersions } from './list-versions.ts';

export type TransferCredential = { readonly from: CredentialPath; readonly to: CredentialPath };

/**
 * Gives a credential another name inside its environment. Its versions are bound to their path, so each is read (and
 * recorded as read) and sealed anew. Between environments nothing moves: there the value must be a new one.
 */
export const transferCredential = async (
  ports: SecretsPorts,
  caller: Caller,
  input: TransferCredential,
): Promise<void> => {
  const { from, to } = input;
  if (from.project !== to.project || from.environment !== to.environment)
    throw secretsError('shared_across_environments', 'A value never moves to another environment.', {
      path: to.toString(),
    });
  const { output } = await ports.deeds.perform(listVersions, caller, { path: from });
  const { id } = output.credential;
  await ports.deeds.perform(claimName, caller, { to, id });
  const values = new Map<number, Secret>();
  for (const { version, serial, destroyed } of output.versions) {
    if (version === null)
      throw inventoryError('changed_meanwhile', 'A pending version waits; promote or destroy it first.', { serial });
    if (destroyed) continue;
    const { credential, value } = await readVersion(ports, caller, { path: from, version });
    requireSame(from, id, credential.id);
    if (value !== null) values.set(serial, sealable(value));
  }
  await ports.deeds.perform(moveCredential(ports), caller, { from, to, id, values });
};

/**
 * Whoever gives a credential another name must be allowed to at both places. Decided, and entered with the new name,
 * before anything is told about what is there.
 */
const claimName: Deed<{ readonly to: CredentialPath; readonly id: string }, null, PlaceFacts> = {
  name: 'claim-name',
  action: 'credential.transfer',
  effect: 'reveal',
  facts: (tx, { to }) => placeFacts(tx, to),
  async find(tx, { to, id }) {
    await requireFree(tx, to, id);
    return null;
  },
  summary: () => ({ note: 'as the new name' }),
};

type Move = TransferCredential & {
  /** The credential whose values these are, by serial. */
  readonly id: string;
  readonly values: ReadonlyMap<number, Secret>;
};
type Moved = { readonly heads: readonly Head[] };

export const moveCredential = ({ sealing }: SecretsPorts): Deed<Move, Moved, PlaceFacts> => ({
  name: 'transfer-credential',
  action: 'credential.transfer',
  effect: 'change',
  facts: (tx, { from }) => placeFacts(tx, from),
  async apply(tx, { from, to, id, values }, facts, { now }) {
    const { place, credential } = await requireCredential(tx, from, facts);
    requireSame(from, id, credential.id);
    await requireFree(tx, to, credential.id);
    const heads: Head[] = [];
    for (const row of await tx.all(versionsOf, { credential: credential.id })) {
      // Also one that was destroyed after we read it: it stays destroyed.
      if (row.destroyed_at !== null) continue;
      const value = values.get(row.serial);
      // Deleted, or younger than our reading: what could not be read cannot move.
      if (value === undefined)
        throw inventoryError(
          'changed_meanwhile',
          `${from} has a version that could not be read; restore or destroy it.`,
        );
      const sealed = await sealing.seal(
        tx,
        { id: credential.id, scope: place.project_id },
        value,
        bindingFor(to, row.serial),
      );
      await tx.run(resealRow, { credential: credential.id, serial: row.serial, ...sealed });
      if (row.number !== null) heads.push({ version: row.number, hash: sealed.hash });
    }
    await moveCredentialTo(tx, credential, {
      project: place.project_id,
      environment: place.environment_id,
      name: to.name,
      name_key: to.foldedName,
      updated_at: now,
    });
    return { heads };
  },
  summary: (_input, { heads }) => ({ note: 'renamed', heads }),
});

const requireFree = async (tx: ReadTx, path: CredentialPath, self: string): Promise<void> => {
  const { credential } = await placeFacts(tx, path);
  if (credential === undefined || credential.id === self) return;
  if (credential.name !== path.name)
    throw inventoryError('name_differs_by_case', `There is a credential ${credential.name} already.`, {
      existing: credential.name,
    });
  throw inventoryError(
    'name_taken',
    `There is a credential ${path} already, a ${credential.kind}: ${credential.state}.`,
    {
      path: path.toString(),
    },
  );
};
