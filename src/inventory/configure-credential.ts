import { type CredentialPath, type JsonObject, stringifyJson, utf8 } from '#kernel';
import type { Deed } from '#deeds';
import { keepStateChange } from './change-state.ts';
import { addCredential, changeCredential } from './codes.ts';
import { type Provenance, customMetadataOf, newCredential } from './credential.ts';
import { inventoryError } from './errors.ts';
import { type PlaceFacts, placeFacts, requireCredential, requirePlace, requireSameCase } from './place.ts';
import type { CredentialRow } from './tables.ts';

/** Limits of `custom_metadata`, as KV version 2 has them. */
export const CUSTOM_METADATA_LIMITS = { pairs: 64, keyBytes: 128, valueBytes: 512 } as const;
/** Most versions anybody may keep of one credential. */
const MOST_VERSIONS = 1_000;

/** How a credential keeps its versions, and what people note beside it. What is undefined stays as it is. */
export type Configuration = {
  /** Versions kept; 0 for the usual number. */
  readonly maxVersions?: number | undefined;
  /** Refuses writes that do not say which version they replace. */
  readonly casRequired?: boolean | undefined;
  /** Milliseconds after which a new version is deleted; 0 for never. */
  readonly deleteAfterMs?: number | undefined;
  /** Texts by name; with `merge`, null removes a name. */
  readonly customMetadata?:
    | { readonly merge: boolean; readonly pairs: Readonly<Record<string, string | null>> }
    | undefined;
};

export type ConfigureCredential = { readonly path: CredentialPath; readonly configuration: Configuration };

/** Changes how a credential keeps its versions. Errors: `inventory.bad_field`, `inventory.no_credential`. */
export const configureCredential: Deed<ConfigureCredential, CredentialRow, PlaceFacts> = {
  name: 'configure-credential',
  action: 'credential.mark',
  effect: 'change',
  facts: (tx, { path }) => placeFacts(tx, path),
  async apply(tx, { path, configuration }, facts, { now }) {
    const { credential } = await requireCredential(tx, path, facts);
    return changeCredential(tx, configured(credential, configuration, now));
  },
};

export type ReserveCredential = ConfigureCredential & {
  /** The id it gets. */
  readonly id: string;
  readonly provenance: Provenance;
};

/** Makes a credential that has no value yet, as KV clients do by writing metadata first. */
export const reserveCredential: Deed<ReserveCredential, CredentialRow, PlaceFacts> = {
  name: 'reserve-credential',
  action: 'credential.write',
  effect: 'change',
  facts: (tx, { path, id }) => placeFacts(tx, path, id),
  async apply(tx, { path, id, provenance, configuration }, facts, stamp) {
    const place = await requirePlace(tx, path, facts);
    if (facts.credential !== undefined) {
      requireSameCase(path, facts.credential);
      return changeCredential(tx, configured(facts.credential, configuration, stamp.now));
    }
    const ids = { id, project: place.project_id, environment: place.environment_id };
    const row = configured(newCredential(ids, path, provenance, stamp), configuration, stamp.now);
    await addCredential(tx, row);
    await keepStateChange(tx, id, null, 'active', null, stamp);
    return row;
  },
  summary: () => ({ note: 'reserved' }),
};

const configured = (row: CredentialRow, asked: Configuration, now: number): CredentialRow => ({
  ...row,
  max_versions: count('max_versions', asked.maxVersions, MOST_VERSIONS) ?? row.max_versions,
  cas_required: asked.casRequired === undefined ? row.cas_required : Number(asked.casRequired),
  delete_after_ms: count('delete_version_after', asked.deleteAfterMs, Number.MAX_SAFE_INTEGER) ?? row.delete_after_ms,
  custom_metadata: asked.customMetadata === undefined ? row.custom_metadata : metadataText(row, asked.customMetadata),
  updated_at: now,
});

const metadataText = (row: CredentialRow, { merge, pairs }: NonNullable<Configuration['customMetadata']>): string => {
  const merged: Record<string, unknown> = merge ? { ...customMetadataOf(row), ...pairs } : pairs;
  const kept = Object.entries(merged).filter((pair): pair is [string, string] => pair[1] !== null);
  const { pairs: most, keyBytes, valueBytes } = CUSTOM_METADATA_LIMITS;
  if (kept.length > most) throw badMetadata(`holds ${kept.length} pairs; ${most} are the most`);
  for (const [key, value] of kept) {
    if (key === '' || utf8(key).length > keyBytes)
      throw badMetadata(`has a key that is empty or longer than ${keyBytes} bytes`);
    if (utf8(value).length > valueBytes) throw badMetadata(`has a value longer than ${valueBytes} bytes`);
    if (UNPRINTABLE.test(key + value)) throw badMetadata('has a key or value with control characters');
  }
  return stringifyJson(Object.fromEntries(kept) as JsonObject);
};

const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

const badMetadata = (why: string) => inventoryError('bad_field', `The custom metadata ${why}.`);

const count = (field: string, value: number | undefined, most: number): number | undefined => {
  if (value !== undefined && (!Number.isSafeInteger(value) || value < 0 || value > most))
    throw inventoryError('bad_field', `${field} must be a whole number from 0 to ${most}.`);
  return value;
};
