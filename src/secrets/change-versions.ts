import type { CredentialPath } from '#kernel';
import type { Deed } from '#deeds';
import type { Caller } from '#identity';
import {
  type CredentialRow,
  type PlaceFacts,
  type State,
  deleteCredential,
  moveState,
  placeFacts,
  requireCredential,
} from '#inventory';
import type { WriteTx } from '#storage';
import { releaseLeaves } from './homes.ts';
import type { SecretsPorts } from './ports.ts';
import { noVersion } from './read-version.ts';
import { scrubDestroyed } from './scrub.ts';
import { destroyRow, markDeleted, versionByNumber, versionsOf } from './tables.ts';
import { type Verb, checkVerb } from './verbs.ts';
import { DESTROYED_HASH } from './version.ts';

export type ChangeVersions = {
  readonly path: CredentialPath;
  /** KV numbers; empty for the newest. Numbers that do not exist are passed over, as KV clients expect. */
  readonly versions: readonly number[];
};

/** Deletes versions so that they can be brought back. */
export const deleteVersions: Deed<ChangeVersions, { readonly touched: number }, PlaceFacts> = {
  name: 'delete-versions',
  action: 'credential.delete',
  effect: 'change',
  facts: (tx, { path }) => placeFacts(tx, path),
  async apply(tx, input, facts, { now }) {
    const credential = await openFor(tx, input, facts, 'delete');
    return { touched: await mark(tx, credential, input.versions, now) };
  },
};

/** Brings deleted versions back. */
export const undeleteVersions: Deed<ChangeVersions, { readonly touched: number }, PlaceFacts> = {
  name: 'undelete-versions',
  action: 'credential.undelete',
  effect: 'change',
  facts: (tx, { path }) => placeFacts(tx, path),
  async apply(tx, input, facts) {
    const credential = await openFor(tx, input, facts, 'undelete');
    return { touched: await mark(tx, credential, input.versions, null) };
  },
};

/**
 * Destroys versions: unreadable at once, gone from the database file and its log once this returns; older backups hold
 * them until they age out. One deed per version, because each is bound in the ledger as destroyed.
 * Errors: `secrets.not_scrubbed` when all was done but the cleaning of the files.
 */
export const destroyVersions = async (ports: SecretsPorts, caller: Caller, input: ChangeVersions): Promise<void> => {
  const each = input.versions.length === 0 ? [0] : input.versions;
  await Promise.all(each.map((version) => ports.deeds.perform(destroyVersion, caller, { path: input.path, version })));
  const which = input.versions.length === 0 ? 'The newest version' : `Version ${input.versions.join(', ')}`;
  await scrubDestroyed(ports.engine, `${which} of ${input.path}`);
};

type Destroyed = { readonly number: number | null };

export const destroyVersion: Deed<{ readonly path: CredentialPath; readonly version: number }, Destroyed, PlaceFacts> =
  {
    name: 'destroy-version',
    action: 'credential.destroy',
    effect: 'change',
    facts: (tx, { path }) => placeFacts(tx, path),
    async apply(tx, { path, version }, facts, { now }) {
      const credential = await openFor(tx, { path }, facts, 'destroy');
      const number = version === 0 ? credential.current_number : version;
      const row = await tx.one(versionByNumber, { credential: credential.id, number });
      if (row === undefined || row.destroyed_at !== null) return { number: null };
      await releaseLeaves(tx, path, credential.id, row.serial);
      await tx.run(destroyRow, { credential: credential.id, serial: row.serial, at: now, hash: DESTROYED_HASH });
      return { number };
    },
    summary: (_input, { number }) =>
      number === null
        ? { note: 'nothing to destroy' }
        : { note: `version ${number}`, heads: [{ version: number, hash: DESTROYED_HASH }] },
  };

export type DestroyCredential = {
  readonly path: CredentialPath;
  readonly reason: string;
  /** Removes the record as well, so that the name may be used again; the ledger keeps what happened. */
  readonly forget: boolean;
};

/** Ends a credential: its key is destroyed, and with it every version, pending ones too. */
export const destroyCredential = async (
  ports: SecretsPorts,
  caller: Caller,
  input: DestroyCredential,
): Promise<void> => {
  await ports.deeds.perform(endCredential(ports), caller, input);
  await scrubDestroyed(ports.engine, input.path.toString());
};

export const endCredential = ({ sealing }: SecretsPorts): Deed<DestroyCredential, CredentialRow, PlaceFacts> => ({
  name: 'destroy-credential',
  action: 'credential.destroy',
  effect: 'change',
  facts: (tx, { path }) => placeFacts(tx, path),
  async apply(tx, { path, reason, forget }, facts, stamp) {
    const { credential } = await requireCredential(tx, path, facts);
    for (const row of await tx.all(versionsOf, { credential: credential.id })) {
      await releaseLeaves(tx, path, credential.id, row.serial);
      await tx.run(destroyRow, { credential: credential.id, serial: row.serial, at: stamp.now, hash: DESTROYED_HASH });
    }
    await sealing.destroy(tx, credential.id);
    if (!forget) return moveState(tx, credential, 'destroyed', reason, stamp);
    await tx.run(deleteCredential, { id: credential.id });
    return credential;
  },
  // Above every number there ever was, so that no row put back later agrees with the head.
  summary: ({ forget }, { current_number }) => ({
    note: forget ? 'destroyed and forgotten' : 'destroyed',
    heads: [{ version: current_number + 1, hash: DESTROYED_HASH }],
  }),
});

const openFor = async (
  tx: WriteTx,
  { path }: { readonly path: CredentialPath },
  facts: PlaceFacts,
  verb: Verb,
): Promise<CredentialRow> => {
  const { credential } = await requireCredential(tx, path, facts);
  checkVerb(credential.state as State, verb, path);
  if (credential.current_number === 0) throw noVersion(path, 0);
  return credential;
};

const mark = async (
  tx: WriteTx,
  credential: CredentialRow,
  versions: readonly number[],
  at: number | null,
): Promise<number> => {
  let touched = 0;
  for (const number of versions.length === 0 ? [credential.current_number] : versions)
    touched += await tx.run(markDeleted, { credential: credential.id, number, at });
  return touched;
};
