import type { JsonObject } from '#kernel';
import type { TokenLookUp } from '#identity';
import { timeText } from './fields.ts';

type Known = {
  readonly accessor: string;
  readonly identity: string;
  readonly renewable: boolean;
  readonly uses: number;
  readonly orphan: boolean;
  /** Roles the token was narrowed to; null for all of its identity's. */
  readonly roles: readonly string[] | null;
  readonly lifeMs: number;
};

/** The block in which Vault hands a token out. */
export const authBlock = (
  { accessor, identity, renewable, uses, orphan, roles, lifeMs }: Known,
  token: string,
): JsonObject => ({
  client_token: token,
  accessor,
  policies: policiesOf(roles),
  token_policies: policiesOf(roles),
  metadata: null,
  lease_duration: Math.max(0, Math.floor(lifeMs / 1_000)),
  renewable,
  entity_id: identity,
  token_type: 'service',
  orphan,
  mfa_requirement: null,
  num_uses: uses,
});

/** What a look-up answers. `id` is the token itself, for who sent it; empty when it was found by its accessor. */
export const lookUpFields = (token: TokenLookUp, id: string, now: number): JsonObject => ({
  accessor: token.accessor,
  creation_time: Math.floor(token.createdAt / 1_000),
  creation_ttl: token.expiresAt === null ? 0 : seconds(token.expiresAt - token.createdAt),
  display_name: token.display,
  entity_id: token.identity,
  expire_time: token.expiresAt === null ? null : timeText(token.expiresAt),
  explicit_max_ttl: token.maxExpiresAt === null ? 0 : seconds(token.maxExpiresAt - token.createdAt),
  id,
  issue_time: timeText(token.createdAt),
  meta: null,
  num_uses: token.usesLeft ?? 0,
  orphan: token.parent === null,
  path: 'auth/token/create',
  period: token.period === null ? 0 : seconds(token.period),
  policies: policiesOf(token.scope?.roles ?? null),
  renewable: token.renewable,
  ttl: token.expiresAt === null ? 0 : seconds(token.expiresAt - now),
  type: 'service',
});

const policiesOf = (roles: readonly string[] | null): readonly string[] => ['default', ...(roles ?? [])];

const seconds = (ms: number): number => Math.max(0, Math.floor(ms / 1_000));
