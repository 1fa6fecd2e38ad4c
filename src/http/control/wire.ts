import type { AnswerOf, Routes } from '#contract';
import { Duration, type JsonObject, type JsonValue, parseJson } from '#kernel';
import type { MintedToken } from '#identity';
import { type CredentialRow, type Description, dueAt, effectiveTier, provenanceOf } from '#inventory';
import type { VersionMetadata } from '#secrets';

/** What the wire calls things, from what the rooms call them. */

export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

type Credential = AnswerOf<Routes['credentials.describe']>;
type Wished = NonNullable<Routes['credentials.describe']['body']['_zod']['output']>;

export const credentialAnswer = (place: string, row: CredentialRow, since: number | undefined): Credential => ({
  id: row.id,
  path: `${place}/${row.name}`,
  originalName: row.original_name,
  kind: row.kind,
  system: row.system,
  owner: row.owner,
  purpose: row.purpose,
  tier: effectiveTier(row),
  tierDeclared: row.tier_declared as Credential['tierDeclared'],
  state: row.state as Credential['state'],
  stateReason: row.state_reason,
  provenance: { ...provenanceOf(row), scopes: [...provenanceOf(row).scopes] },
  rotation: row.rotation_ms === null ? null : Duration.ofMs(row.rotation_ms).toString(),
  dueAt: isoOrNull(dueAt(row, since)),
  expiresAt: isoOrNull(row.expires_at),
  version: row.current_number,
  revision: row.revision,
  createdAt: iso(row.created_at),
  createdBy: row.created_by,
  updatedAt: iso(row.updated_at),
});

export const descriptionOf = ({ rotation, expiresAt, ...rest }: Wished): Description => ({
  ...rest,
  rotationMs: rotation === undefined || rotation === null ? rotation : Duration.parse(rotation).ms,
  expiresAt: expiresAt === undefined || expiresAt === null ? expiresAt : Date.parse(expiresAt),
});

export const versionAnswer = (metadata: VersionMetadata) => ({
  version: metadata.version,
  serial: metadata.serial,
  createdAt: iso(metadata.createdAt),
  createdBy: metadata.createdBy,
  deletedAt: isoOrNull(metadata.deletedAt),
  destroyed: metadata.destroyed,
});

/** The only time a token's text leaves. */
export const sessionAnswer = ({ token, accessor, identity, expiresAt }: MintedToken) => ({
  token: token.revealText(),
  accessor: accessor as string,
  identity,
  expiresAt: isoOrNull(expiresAt),
});

/** JSON that a room keeps as text. */
export const objectOf = (text: string): Record<string, JsonValue> => parseJson(text) as JsonObject;

/** A page of at most `limit` rows, of which one more was asked for to know whether there is a next page. */
export const pageAnswer = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string,
  itemOf: (row: Row) => Item,
): { items: Item[]; next: string | null } => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), next: rows.length > limit && last !== undefined ? keyOf(last) : null };
};

export const durationOf = (text: string | undefined): Duration | undefined =>
  text === undefined ? undefined : Duration.parse(text);

/** Without the fields that were left out, which our rooms tell from undefined ones. */
export const given = <T extends object>(
  fields: T,
): { [K in keyof T as T[K] extends never ? never : K]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
