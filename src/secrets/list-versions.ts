import type { CredentialPath } from '#kernel';
import type { Deed } from '#deeds';
import { type CredentialRow, type PlaceFacts, placeFacts, requireCredential } from '#inventory';
import { versionsOf } from './tables.ts';
import { type VersionMetadata, metadataOf } from './version.ts';

export type VersionList = { readonly credential: CredentialRow; readonly versions: readonly VersionMetadata[] };

/** A credential's versions, oldest first, without their values. Pending ones come last and have no number. */
export const listVersions: Deed<{ readonly path: CredentialPath }, VersionList, PlaceFacts> = {
  name: 'list-versions',
  action: 'credential.history',
  effect: 'reveal',
  facts: (tx, { path }) => placeFacts(tx, path),
  async find(tx, { path }, facts) {
    const { credential } = await requireCredential(tx, path, facts);
    const rows = await tx.all(versionsOf, { credential: credential.id });
    return { credential, versions: rows.map(metadataOf) };
  },
};
