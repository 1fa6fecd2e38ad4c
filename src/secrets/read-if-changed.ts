import type { Caller } from '#identity';
import type { CredentialRow } from '#inventory';
import type { SecretsPorts } from './ports.ts';
import { type ReadVersion, type VersionRead, findVersionDeed, readVersion } from './read-version.ts';
import type { VersionMetadata } from './version.ts';

/** What was answered: the version, or that it is the one that the caller has. */
export type ConditionalRead =
  | { readonly changed: true; readonly read: VersionRead; readonly tag: string }
  | { readonly changed: false; readonly tag: string };

/**
 * Names a version as it stands, for comparing: the credential, the number, how often the record around it changed, and
 * when, because counts go back when a backup is restored. Nothing in it comes from the value, so that nobody can try
 * guesses on it.
 */
export const tagOf = (
  { id, revision, updated_at }: Pick<CredentialRow, 'id' | 'revision' | 'updated_at'>,
  { version, deletedAt }: Pick<VersionMetadata, 'version' | 'deletedAt'>,
): string => [id, version ?? 0, revision, updated_at, ...(deletedAt === null ? [] : [deletedAt])].join('.');

/**
 * Reads one version unless it is one that the caller names. Whether he may read it is decided as for a read, at the
 * newest revision; a refusal is a denied deed. "Unchanged" reveals no value and leaves no entry: it is counted as a use.
 * Whoever has a token for a limited number of uses reads, because a use is taken by an entry.
 */
export const readIfChanged = async (
  ports: SecretsPorts,
  caller: Caller,
  input: ReadVersion,
  known: readonly string[],
): Promise<ConditionalRead> => {
  if (known.length > 0 && caller.uses === 0) {
    const found = await ports.deeds.consult(findVersionDeed(ports), caller, input);
    if (found !== undefined && found.sealed !== null) {
      const tag = tagOf(found.credential, found.metadata);
      if (known.includes(tag) && ports.uses.count(found.credential.id, caller.identity)) return { changed: false, tag };
    }
  }
  const read = await readVersion(ports, caller, input);
  return { changed: true, read, tag: tagOf(read.credential, read.metadata) };
};
