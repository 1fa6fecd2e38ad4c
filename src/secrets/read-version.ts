import { createHash } from 'node:crypto';
import { type CredentialPath, type JsonObject, type Receipt, type Secret, hasCode, timingSafeEqual } from '#kernel';
import type { Deed } from '#deeds';
import type { Caller } from '#identity';
import { type CredentialRow, type PlaceFacts, type State, placeFacts, requireCredential } from '#inventory';
import { bindingOf, bindingTo, headOf } from '#ledger';
import type { SealedValue, Sealing } from '#sealing';
import { type ReadTx, openMemo } from '#storage';
import { secretsError } from './errors.ts';
import type { SecretsPorts } from './ports.ts';
import { type VersionRow, versionByNumber } from './tables.ts';
import { parseValue } from './value.ts';
import { checkVerb } from './verbs.ts';
import { REMOVED_HASH, type VersionMetadata, bindingFor, isDeleted, metadataOf } from './version.ts';

export type ReadVersion = {
  readonly path: CredentialPath;
  /** KV number; 0 for the newest. */
  readonly version: number;
};

export type VersionRead = {
  readonly credential: CredentialRow;
  readonly metadata: VersionMetadata;
  /** Null when this version was deleted or destroyed. */
  readonly value: JsonObject | null;
  readonly receipt: Receipt;
};

/** Reads one version: recorded before it is opened, opened with the receipt of that record. */
export const readVersion = async (ports: SecretsPorts, caller: Caller, input: ReadVersion): Promise<VersionRead> => {
  const { output: found, receipt } = await ports.deeds.perform(findVersionDeed(ports), caller, input);
  const value = found.sealed === null ? null : parseValue(await opened(ports, receipt, found.sealed));
  return { credential: found.credential, metadata: found.metadata, value, receipt };
};

/** Opens at once; where a rekey came between looking and opening, with the chain of keys as it is now. */
const opened = async (
  { deeds, engine, sealing }: SecretsPorts,
  receipt: Receipt,
  sealed: SealedValue,
): Promise<Secret> => {
  try {
    return sealing.open(receipt, sealed);
  } catch (error) {
    // A key of before the rekey does not open under the root key of after it, which looks like damage.
    if (!hasCode(error, 'sealing.rekeyed') && !hasCode(error, 'sealing.damaged')) throw error;
    return deeds.withKeys(async () => {
      const chain = await engine.read((tx) => sealing.chain(tx, sealed.resource));
      return sealing.open(receipt, { ...sealed, chain });
    });
  }
};

export type FoundVersion = {
  readonly credential: CredentialRow;
  readonly metadata: VersionMetadata;
  readonly sealed: SealedValue | null;
};

/** Places remembered: the ones a house asks for again and again. About 2 KiB each; and the versions asked for at each. */
const REMEMBERED = 10_000;
const MOST_VERSIONS = 4;

/** A place with the versions that were found sound there while it was as it is. */
type KnownPlace = PlaceFacts & { readonly sound: Map<number, SoundVersion> };
type SoundVersion = Omit<FoundVersion, 'credential'>;

/** One deed for each house, with what it remembers. */
const finders = new WeakMap<SecretsPorts, Deed<ReadVersion, FoundVersion, KnownPlace>>();

export const findVersionDeed = (ports: SecretsPorts): Deed<ReadVersion, FoundVersion, KnownPlace> => {
  let deed = finders.get(ports);
  if (deed === undefined) {
    deed = findVersion(ports);
    finders.set(ports, deed);
  }
  return deed;
};

/** The deed behind it: finds the sealed version and checks it against the ledger's head. */
const findVersion = ({ sealing, clock }: SecretsPorts): Deed<ReadVersion, FoundVersion, KnownPlace> => {
  const places = openMemo<KnownPlace>(REMEMBERED);
  return {
    name: 'read-version',
    action: 'credential.read',
    effect: 'reveal',
    facts: async (tx, { path }) => places(tx, path.toString(), async () => toRemember(await placeFacts(tx, path))),
    async find(tx, { path, version }, facts) {
      const { credential } = await requireCredential(tx, path, facts);
      checkVerb(credential.state as State, 'read', path);
      const known = facts.sound.get(version);
      const { metadata, sealed } = known ?? (await soundVersion(sealing, tx, path, credential, version));
      if (known === undefined && facts.sound.size < MOST_VERSIONS) facts.sound.set(version, { metadata, sealed });
      return { credential, metadata, sealed: isDeleted(metadata, clock.now()) ? null : sealed };
    },
    summary: (_input, { metadata }) => ({ note: `version ${metadata.version}` }),
  };
};

/**
 * Rows come from SQLite as dictionaries, which are slow to read from; what is read from again and again is copied into
 * plain objects once.
 */
const toRemember = (facts: PlaceFacts): KnownPlace => ({
  ...facts,
  place: facts.place && { ...facts.place },
  credential: facts.credential && { ...facts.credential },
  sound: new Map(),
});

/** A version and what opens it, checked against the ledger unless it was destroyed. */
const soundVersion = async (
  sealing: Sealing,
  tx: ReadTx,
  path: CredentialPath,
  credential: CredentialRow,
  version: number,
): Promise<SoundVersion> => {
  const number = version === 0 ? credential.current_number : version;
  const row = await tx.one(versionByNumber, { credential: credential.id, number });
  if (row === undefined) throw noVersion(path, version);
  const metadata = metadataOf(row);
  if (row.envelope === null) return { metadata, sealed: null };
  await checkBound(tx, path, credential, row);
  return {
    metadata,
    sealed: {
      resource: credential.id,
      chain: { ...(await sealing.chain(tx, credential.id)) },
      envelope: row.envelope,
      binding: bindingFor(path, row.serial),
      what: `${path} version ${row.number}`,
    },
  };
};

/**
 * Refuses a row that the ledger does not bind: an old version put back in place of the current one, a destroyed one
 * brought back, one removed as too old put back, a row moved from elsewhere.
 */
const checkBound = async (
  tx: ReadTx,
  path: CredentialPath,
  credential: CredentialRow,
  row: VersionRow,
): Promise<void> => {
  const isCurrent = row.number === credential.current_number;
  if (!isCurrent) await checkKept(tx, path, credential, row);
  const bound = isCurrent ? await headOf(tx, credential.id) : await bindingOf(tx, credential.id, row.number ?? 0);
  const found = row.envelope === null ? row.hash : createHash('sha256').update(row.envelope).digest();
  if (bound === undefined || bound.version !== row.number || !timingSafeEqual(bound.hash, found))
    throw secretsError('rolled_back', `${path} version ${row.number} is not what the ledger bound last.`, {
      path: path.toString(),
      bound: bound?.version ?? 0,
      found: row.number ?? 0,
    });
};

/** The entry that removed a version tells of the highest number removed with it. */
const checkKept = async (
  tx: ReadTx,
  path: CredentialPath,
  { id, current_number }: CredentialRow,
  { number }: VersionRow,
): Promise<void> => {
  const removal = await bindingTo(tx, id, REMOVED_HASH, number ?? 0);
  if (removal !== undefined)
    throw secretsError(
      'rolled_back',
      `${path} version ${number} was removed by entry ${removal.index}, and put back.`,
      {
        path: path.toString(),
        bound: current_number,
        found: number ?? 0,
        entry: removal.index,
      },
    );
};

export const noVersion = (path: CredentialPath, version: number) =>
  secretsError('no_version', version === 0 ? `${path} has no value yet.` : `${path} has no version ${version}.`, {
    path: path.toString(),
    version,
  });
