import type { CredentialPath } from '#kernel';
import type { Deed } from '#deeds';
import { type PlaceFacts, type State, moveCurrent, placeFacts, requireCredential } from '#inventory';
import { noVersion } from './read-version.ts';
import { requireSame } from './same-credential.ts';
import { promoteRow, versionBySerial } from './tables.ts';
import { checkVerb } from './verbs.ts';
import { type VersionMetadata, metadataOf } from './version.ts';

export type PromoteVersion = {
  readonly path: CredentialPath;
  /** The credential that the serial is one of; another of this name has serials of its own. */
  readonly credential: string;
  readonly serial: number;
};

/** Gives a pending version its KV number: from this commit on it is the current one. */
export const promoteVersion: Deed<PromoteVersion, { metadata: VersionMetadata; hash: Uint8Array }, PlaceFacts> = {
  name: 'promote-version',
  action: 'credential.write',
  effect: 'change',
  facts: (tx, { path }) => placeFacts(tx, path),
  async apply(tx, { path, credential: seen, serial }, facts, { now }) {
    const { credential } = await requireCredential(tx, path, facts);
    requireSame(path, seen, credential.id);
    checkVerb(credential.state as State, 'write', path);
    const row = await tx.one(versionBySerial, { credential: credential.id, serial });
    if (row === undefined || row.state !== 'pending' || row.destroyed_at !== null) throw noVersion(path, serial);
    const number = credential.current_number + 1;
    await tx.run(promoteRow, { credential: credential.id, serial, number });
    await tx.run(moveCurrent, { id: credential.id, number, now });
    return { metadata: metadataOf({ ...row, number, state: 'live' }), hash: row.hash };
  },
  summary: (_input, { metadata, hash }) => ({
    note: `version ${metadata.version}`,
    heads: [{ version: metadata.version ?? 0, hash }],
  }),
};
