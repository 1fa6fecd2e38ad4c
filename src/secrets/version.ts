import type { CredentialPath } from '#kernel';
import type { Binding } from '#sealing';
import type { VersionRow } from './tables.ts';

/** What people and clients see of a version besides its value. */
export type VersionMetadata = {
  /** The KV number; null while pending. */
  readonly version: number | null;
  readonly serial: number;
  readonly createdAt: number;
  readonly createdBy: string;
  /** When it was or will be deleted; null for never. */
  readonly deletedAt: number | null;
  readonly destroyed: boolean;
};

export const metadataOf = (row: VersionRow): VersionMetadata => ({
  version: row.number,
  serial: row.serial,
  createdAt: row.created_at,
  createdBy: row.created_by,
  deletedAt: row.deleted_at,
  destroyed: row.destroyed_at !== null,
});

export const isDeleted = ({ deletedAt }: VersionMetadata, now: number): boolean =>
  deletedAt !== null && deletedAt <= now;

/** What a version's envelope is bound to: its place, its serial and the format of what is inside. */
export const bindingFor = (path: Pick<CredentialPath, 'project' | 'environment' | 'name'>, serial: number): Binding => [
  path.project,
  path.environment,
  path.name,
  serial,
  'json/1',
];

/** Stands for the hash of what was destroyed: no envelope has it. */
export const DESTROYED_HASH: Uint8Array = new Uint8Array(32);

/** Bound to a version: it and every one below were removed, because the credential keeps only newer ones. */
export const REMOVED_HASH: Uint8Array = new Uint8Array(32).fill(0xff);
