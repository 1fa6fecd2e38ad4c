import type { JsonObject } from '#kernel';
import { type CredentialRow, customMetadataOf } from '#inventory';
import { type VersionMetadata } from '#secrets';
import { timeText } from './fields.ts';

/** A version's metadata beside its data. */
export const versionFields = (metadata: VersionMetadata, credential: CredentialRow | null): JsonObject => ({
  created_time: timeText(metadata.createdAt),
  custom_metadata: credential === null ? null : customFields(credential),
  deletion_time: timeText(metadata.deletedAt),
  destroyed: metadata.destroyed,
  version: metadata.version ?? 0,
});

/** Null where nobody noted anything. */
export const customFields = (credential: CredentialRow): JsonObject | null => {
  const custom = customMetadataOf(credential);
  return Object.keys(custom).length === 0 ? null : custom;
};
