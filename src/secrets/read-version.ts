import { createHash } from 'node:crypto';
import { type CredentialPath, type JsonObject, type Receipt, timingSafeEqual } from '#kernel';
import type { Deed } from '#deeds';
import type { Caller } from '#identity';
import { type CredentialRow, type PlaceFacts, type State, placeFacts, requireCredential } from '#inventory';
import { bindingOf, headOf } from '#ledger';
import type { SealedValue } from '#sealing';
import type { ReadTx } from '#storage';
import { secretsError } from './errors.ts';
import type { SecretsPorts } from './ports.ts';
import { type VersionRow, versionByNumber } from './tables.ts';
import { parseValue } from './value.ts';
import { checkVerb } from './verbs.ts';
import { type VersionMetadata, bindingFor, isDeleted, metadataOf } from './version.ts';

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
  const { output: found, receipt } = await ports.deeds.perform(findVersion(ports), caller, input);
  const value = found.sealed === null ? null : parseValue(ports.sealing.open(receipt, found.sealed));
  return { credential: found.credential, metadata: found.metadata, value, receipt };
};

type FoundVersion = {
  readonly credential: CredentialRow;
  readonly metadata: VersionMetadata;
  readonly sealed: SealedValue | null;
};

/** The deed behind it: finds the sealed version and checks it against the ledger's head. */
const findVersion = ({ sealing, clock }: SecretsPorts): Deed<ReadVersion, FoundVersion, PlaceFacts> => ({
  name: 'read-version',
  action: 'credential.read',
  effect: 'reveal',
  facts: (tx, { path }) => placeFacts(tx, path),
  async find(tx, { path, version }, facts) {
    const { credential } = await requireCredential(tx, path, facts);
    checkVerb(credential.state as State, 'read', path.toString());
    const row = await tx.one(versionByNumber, {
      credential: credential.id,
      number: version === 0 ? credential.current_number : version,
    });
    if (row === undefined) throw noVersion(path, version);
    const metadata = metadataOf(row);
    if (isDeleted(metadata, clock.now()) || row.envelope === null) return { credential, metadata, sealed: null };
    await checkBound(tx, path, credential, row);
    const chain = await sealing.chain(tx, credential.id);
    return {
      credential,
      metadata,
      sealed: {
        resource: credential.id,
        chain,
        envelope: row.envelope,
        binding: bindingFor(path, row.serial),
        what: `${path} version ${row.number}`,
      },
    };
  },
  summary: (_input, { metadata }) => ({ note: `version ${metadata.version}` }),
});

/**
 * Refuses a row that the ledger does not bind: an old version put back in place of the current one, a destroyed one
 * brought back, a row moved from elsewhere.
 */
const checkBound = async (
  tx: ReadTx,
  path: CredentialPath,
  credential: CredentialRow,
  row: VersionRow,
): Promise<void> => {
  const isCurrent = row.number === credential.current_number;
  const bound = isCurrent ? await headOf(tx, credential.id) : await bindingOf(tx, credential.id, row.number ?? 0);
  const found = row.envelope === null ? row.hash : createHash('sha256').update(row.envelope).digest();
  if (bound === undefined || bound.version !== row.number || !timingSafeEqual(bound.hash, found))
    throw secretsError('rolled_back', `${path} version ${row.number} is not what the ledger bound last.`, {
      path: path.toString(),
      bound: bound?.version ?? 0,
      found: row.number ?? 0,
    });
};

export const noVersion = (path: CredentialPath, version: number) =>
  secretsError('no_version', version === 0 ? `${path} has no value yet.` : `${path} has no version ${version}.`, {
    path: path.toString(),
    version,
  });
