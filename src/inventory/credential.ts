import { type KindId, type SystemId, deriveTier, higherTier, isKindId, isSystemId, kindOf } from '#catalogue';
import {
  type CredentialPath,
  type JsonObject,
  type Resource,
  type Tier,
  isJsonObject,
  parseJson,
  stringifyJson,
} from '#kernel';
import { inventoryError } from './errors.ts';
import type { State } from './state.ts';
import type { CredentialRow, PlaceRow } from './tables.ts';

/** Who or what made a credential, when, how, from where, with which scopes. */
export type Provenance = {
  readonly how: 'adopted' | 'generated' | 'entered' | 'imported' | 'vault' | 'transferred';
  /** The file, the client, or the system that issued it. */
  readonly from: string | null;
  readonly scopes: readonly string[];
};

/** What people declare about a credential. `undefined` leaves a field as it is; `null` empties it. */
export type Description = {
  readonly kind?: string | undefined;
  readonly system?: string | null | undefined;
  readonly owner?: string | null | undefined;
  readonly purpose?: string | null | undefined;
  readonly tier?: Tier | null | undefined;
  /** Milliseconds between rotations; null for the kind's default. */
  readonly rotationMs?: number | null | undefined;
  readonly expiresAt?: number | null | undefined;
  readonly originalName?: string | null | undefined;
};

/** Limits of what people declare, in characters. */
const LONGEST = { owner: 128, purpose: 1_024, originalName: 512 } as const;

/** A fresh row, before any description. Version numbers start at 1 with the first value. */
export const newCredential = (
  ids: { readonly id: string; readonly project: string; readonly environment: string },
  path: CredentialPath,
  provenance: Provenance,
  stamp: { readonly now: number; readonly by: string },
): CredentialRow => ({
  ...ids,
  name: path.name,
  name_key: path.foldedName,
  original_name: null,
  kind: 'password',
  system: null,
  owner: null,
  purpose: null,
  tier: kindOf('password').tier,
  tier_declared: null,
  state: 'active',
  state_reason: null,
  provenance: stringifyJson(provenance),
  rotation_ms: null,
  expires_at: null,
  current_number: 0,
  custom_metadata: '{}',
  max_versions: 0,
  cas_required: 0,
  delete_after_ms: 0,
  revision: 1,
  created_at: stamp.now,
  created_by: stamp.by,
  updated_at: stamp.now,
  mac: null,
});

/** The row as described. The tier is the higher of what reach says and what people say; see `effectiveTier`. */
export const describe = (row: CredentialRow, description: Description, now: number): CredentialRow => {
  const next = {
    ...row,
    kind: description.kind === undefined ? row.kind : checkKind(description.kind),
    system: pick(description.system, row.system, checkSystem),
    owner: pick(description.owner, row.owner, (text) => checkLength('owner', text)),
    purpose: pick(description.purpose, row.purpose, (text) => checkLength('purpose', text)),
    original_name: pick(description.originalName, row.original_name, (text) => checkLength('originalName', text)),
    tier_declared: pick(description.tier, row.tier_declared as Tier | null, (tier) => tier),
    rotation_ms: pick(description.rotationMs, row.rotation_ms, (ms) => ms),
    expires_at: pick(description.expiresAt, row.expires_at, (at) => at),
    updated_at: now,
  };
  return { ...next, tier: derivedTier(next) };
};

/** What the policy goes by: people may raise a tier, never lower it below what its reach says. */
export const effectiveTier = (row: Pick<CredentialRow, 'tier' | 'tier_declared'>): Tier =>
  row.tier_declared === null ? (row.tier as Tier) : higherTier(row.tier as Tier, row.tier_declared as Tier);

/**
 * When it is due for rotation, by its own period or its kind's; null when neither says, or there is no value.
 *
 * @param since when the current value was made; `currentSince` of #secrets tells
 */
export const dueAt = (row: CredentialRow, since: number | undefined): number | null => {
  const period = row.rotation_ms ?? (isKindId(row.kind) ? kindOf(row.kind).period?.ms : undefined) ?? null;
  return period === null || since === undefined ? null : since + period;
};

/** The credential of a joined row, if there is one. */
export const credentialOf = (place: PlaceRow): CredentialRow | undefined =>
  place.id === null ? undefined : (place as CredentialRow);

/** The thing as the policy sees it. A credential that is not there yet goes by the id it would get. */
export const resourceOf = (
  path: CredentialPath,
  place: PlaceRow,
  row: CredentialRow | undefined,
  newId?: string,
): Resource => ({
  kind: 'credential',
  id: row?.id ?? newId ?? place.environment_id,
  project: path.project,
  environment: path.environment,
  name: path.name,
  production: place.production === 1,
  tier: row === undefined ? null : effectiveTier(row),
  owner: row?.owner ?? null,
  state: (row?.state as State | undefined) ?? null,
});

export const provenanceOf = (row: CredentialRow): Provenance => parseJson(row.provenance) as unknown as Provenance;

export const customMetadataOf = (row: CredentialRow): JsonObject => {
  const metadata = parseJson(row.custom_metadata);
  return isJsonObject(metadata) ? metadata : {};
};

const derivedTier = ({ kind, system }: Pick<CredentialRow, 'kind' | 'system'>): Tier =>
  deriveTier({
    kind: isKindId(kind) ? kind : 'password',
    system: system !== null && isSystemId(system) ? system : null,
  });

const checkKind = (kind: string): KindId => {
  if (!isKindId(kind))
    throw inventoryError('bad_field', `There is no kind of credential called "${kind.slice(0, 40)}".`);
  return kind;
};

const checkSystem = (system: string): SystemId => {
  if (!isSystemId(system)) throw inventoryError('bad_field', `There is no system called "${system.slice(0, 40)}".`);
  return system;
};

const checkLength = (field: keyof typeof LONGEST, text: string): string => {
  if (text.length > LONGEST[field])
    throw inventoryError('bad_field', `The ${field} is longer than ${LONGEST[field]} characters.`);
  return text;
};

const pick = <T>(given: T | null | undefined, kept: T | null, check: (value: T) => T): T | null => {
  if (given === undefined) return kept;
  return given === null ? null : check(given);
};
