import { type CredentialPath, type JsonObject, type Receipt, type Secret, newId } from '#kernel';
import type { Deed } from '#deeds';
import type { Caller } from '#identity';
import {
  type CredentialRow,
  type Description,
  type PlaceFacts,
  type PlaceRow,
  type Provenance,
  type State,
  addCredential,
  customMetadataOf,
  describe,
  keepStateChange,
  moveCurrent,
  newCredential,
  placeFacts,
  requirePlace,
  requireSameCase,
} from '#inventory';
import type { WriteTx } from '#storage';
import { secretsError } from './errors.ts';
import { type SharedLeaf, claimLeaves, releaseLeaves } from './homes.ts';
import type { SecretsPorts } from './ports.ts';
import { requireSame } from './same-credential.ts';
import { insertVersion, lastSerial, removeVersion, serialsUpTo } from './tables.ts';
import { type LeafRule, parseValue, sealable } from './value.ts';
import { checkVerb } from './verbs.ts';
import { REMOVED_HASH, type VersionMetadata, bindingFor, metadataOf } from './version.ts';

/** Versions kept when a credential does not say otherwise, as KV version 2 does. */
export const DEFAULT_MAX_VERSIONS = 10;

export type WriteVersion = {
  readonly path: CredentialPath;
  /** A JSON object. */
  readonly value: Secret;
  /** The KV number this write replaces; 0 for "must not exist". All that KV clients know; rooms say what they `expect`. */
  readonly checkAndSet?: number | undefined;
  /** What the value was made from or compared with; undefined for a blind write. */
  readonly expects?: Expected | undefined;
  readonly leaves: LeafRule['leaves'];
  readonly provenance: Provenance;
  /** Describes the credential in the same commit. */
  readonly description?: Description | undefined;
  /** Adoption takes shared values as found; see `homes.ts`. */
  readonly asFound?: boolean | undefined;
  /** Keeps the version pending: no KV number until it is promoted. */
  readonly pending?: boolean | undefined;
};

/** What a write was made on: refused where there is something else by now. */
export type Expected = {
  /** The id of the credential; null where none was. */
  readonly credential: string | null;
  /** Its current number; undefined where any will do. */
  readonly number: number | undefined;
};

export type VersionWritten = {
  readonly credential: string;
  readonly created: boolean;
  readonly metadata: VersionMetadata;
  /** Leaves that another environment holds too; only with `asFound`. */
  readonly shared: readonly SharedLeaf[];
  readonly receipt: Receipt;
};

/** Writes a version, making the credential on its first write. Projects and environments are never made here. */
export const writeVersion = async (
  ports: SecretsPorts,
  caller: Caller,
  input: WriteVersion,
): Promise<VersionWritten> => {
  const value = parseValue(input.value);
  const prepared = { ...input, value, sealable: sealable(value), id: newId('cred', ports.random) };
  const { output, receipt } = await ports.deeds.perform(storeVersion(ports), caller, prepared);
  return { ...output, receipt };
};

type Prepared = Omit<WriteVersion, 'value'> & {
  readonly value: JsonObject;
  readonly sealable: Secret;
  /** The id a new credential gets. */
  readonly id: string;
};

type Stored = Omit<VersionWritten, 'receipt'> & {
  readonly hash: Uint8Array;
  /** This version and every lower one are gone; 0 for none. */
  readonly removed: number;
};

export const storeVersion = (ports: SecretsPorts): Deed<Prepared, Stored, PlaceFacts> => ({
  name: 'write-version',
  action: 'credential.write',
  effect: 'change',
  facts: (tx, { path, id }) => placeFacts(tx, path, id),
  async apply(tx, input, facts, stamp) {
    const place = await requirePlace(tx, input.path, facts);
    if (input.expects !== undefined) requireSame(input.path, input.expects.credential, facts.credential?.id ?? null);
    const credential = await obtainCredential(tx, input, facts, place, stamp);
    checkVerb(credential.state as State, 'write', input.path);
    checkAndSet(input, credential);
    const serial = ((await tx.one(lastSerial, { credential: credential.id }))?.serial ?? 0) + 1;
    const shared = await claimLeaves(ports.sealing, tx, {
      path: input.path,
      scope: place.project_id,
      environment: place.environment_id,
      credential: credential.id,
      serial,
      value: input.value,
      asFound: input.asFound === true,
      rule: {
        leaves: input.leaves,
        name: credential.name,
        system: credential.system,
        customMetadata: customMetadataOf(credential),
      },
    });
    const { envelope, hash } = await ports.sealing.seal(
      tx,
      { id: credential.id, scope: place.project_id },
      input.sealable,
      bindingFor(input.path, serial),
    );
    const number = input.pending === true ? null : credential.current_number + 1;
    const row = {
      credential: credential.id,
      serial,
      number,
      state: number === null ? ('pending' as const) : ('live' as const),
      envelope,
      hash,
      created_at: stamp.now,
      created_by: stamp.by,
      deleted_at: credential.delete_after_ms > 0 ? stamp.now + credential.delete_after_ms : null,
      destroyed_at: null,
    };
    await tx.run(insertVersion, row);
    if (number !== null) await tx.run(moveCurrent, { id: credential.id, number, now: stamp.now });
    const removed = await prune(tx, input.path, credential, number ?? credential.current_number);
    return {
      credential: credential.id,
      created: facts.credential === undefined,
      metadata: metadataOf(row),
      shared,
      hash,
      removed,
    };
  },
  summary: (_input, { metadata, hash, created, removed }) => {
    const note = created ? 'created' : `version ${metadata.version ?? 'pending'}`;
    const removal = { version: removed, hash: REMOVED_HASH, note: `removed up to version ${removed}` };
    const removals = removed === 0 ? [] : [removal];
    // A pending version is not bound, so its own entry binds the removal.
    return metadata.version === null
      ? { note: [note, ...removals.map((each) => each.note)].join(', '), heads: removals }
      : { note, heads: [{ version: metadata.version, hash }, ...removals] };
  },
});

const obtainCredential = async (
  tx: WriteTx,
  { path, id, provenance, description }: Prepared,
  { credential }: PlaceFacts,
  place: PlaceRow,
  stamp: { readonly now: number; readonly by: string },
): Promise<CredentialRow> => {
  if (credential !== undefined) {
    requireSameCase(path, credential);
    return credential;
  }
  const ids = { id, project: place.project_id, environment: place.environment_id };
  const fresh = describe(newCredential(ids, path, provenance, stamp), description ?? {}, stamp.now);
  await addCredential(tx, fresh);
  await keepStateChange(tx, id, null, 'active', null, stamp);
  return fresh;
};

const checkAndSet = ({ path, checkAndSet: asked, expects }: Prepared, credential: CredentialRow): void => {
  const current = credential.current_number;
  const numbers = [asked, expects?.number].filter((number) => number !== undefined);
  if (numbers.length === 0 && credential.cas_required === 1 && current > 0)
    throw secretsError('cas_required', 'check-and-set parameter required for this call', {
      path: path.toString(),
      current,
    });
  const expected = numbers.find((number) => number !== current);
  if (expected !== undefined)
    throw secretsError('version_conflict', 'check-and-set parameter did not match the current version', {
      path: path.toString(),
      current,
      expected,
    });
};

/**
 * Removes the versions below the newest that the credential keeps; pending ones have no number and stay. Gives the
 * highest number that is not kept, 0 for none. It comes from the numbers, never from the rows: somebody may have put
 * rows in, or taken the very one away that he means to put back.
 */
const prune = async (
  tx: WriteTx,
  path: CredentialPath,
  { id, max_versions }: CredentialRow,
  current: number,
): Promise<number> => {
  const number = current - (max_versions > 0 ? max_versions : DEFAULT_MAX_VERSIONS);
  if (number <= 0) return 0;
  for (const { serial } of await tx.all(serialsUpTo, { credential: id, number })) {
    await releaseLeaves(tx, path, id, serial);
    await tx.run(removeVersion, { credential: id, serial });
  }
  return number;
};
