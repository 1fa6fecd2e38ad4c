import type { Facts, Mac } from '#kernel';
import type { ReadTx } from '#storage';
import type { Caller, Factor, IdentityKind, TokenScope } from './caller.ts';
import { identityError } from './errors.ts';
import type { IdentityKeys } from './ports.ts';
import { scopeOf } from './scope.ts';
import {
  type IdentityRow,
  type TokenKind,
  type TokenRow,
  identityById,
  isTrueIdentity,
  isTrueToken,
  tokenByAccessor,
} from './tables.ts';

export type IdentityRecord = {
  readonly id: string;
  readonly kind: IdentityKind;
  readonly name: string;
  readonly state: 'active' | 'suspended';
  readonly operator: boolean;
  readonly osUser: number | null;
  readonly createdAt: number;
  readonly createdBy: string;
};

export type TokenRecord = {
  readonly accessor: string;
  readonly identity: string;
  readonly parent: string | null;
  readonly kind: TokenKind;
  readonly display: string;
  readonly factors: readonly Factor[];
  readonly scope: TokenScope | null;
  readonly addresses: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly maxExpiresAt: number | null;
  readonly period: number | null;
  readonly renewable: boolean;
  readonly uses: number;
  readonly revokedAt: number | null;
};

export const identityRecord = (row: IdentityRow): IdentityRecord => ({
  id: row.id,
  kind: row.kind as IdentityKind,
  name: row.name,
  state: row.state as IdentityRecord['state'],
  operator: row.operator === 1,
  osUser: row.os_user,
  createdAt: row.created_at,
  createdBy: row.created_by,
});

export const tokenRecord = (row: TokenRow): TokenRecord => ({
  accessor: row.accessor,
  identity: row.identity,
  parent: row.parent,
  kind: row.kind as TokenKind,
  display: row.display,
  factors: JSON.parse(row.factors) as Factor[],
  scope: scopeOf(row.scope),
  addresses: JSON.parse(row.addresses) as string[],
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  maxExpiresAt: row.max_expires_at,
  period: row.period,
  renewable: row.renewable === 1,
  uses: row.uses,
  revokedAt: row.revoked_at,
});

/** An identity whose row is true; a forged row is as good as none. Errors: `identity.absent`. */
export const findIdentity = async (tx: ReadTx, keys: IdentityKeys, id: string): Promise<IdentityRow> => {
  const row = await tx.one(identityById, { id });
  if (row === undefined || !isTrueIdentity(keys.rowMacs(), row))
    throw identityError('absent', 'There is no such identity.', { id });
  return row;
};

/**
 * Facts of a deed on an identity that may not exist: the policy decides first, and refuses alike whoever has no right
 * over identities. Its id is in the facts' target only; a right over somebody without grants is what is asked for.
 */
export const namedIdentityFacts = async (
  tx: ReadTx,
  keys: IdentityKeys,
  id: string,
  attributes: NonNullable<Facts['attributes']> = {},
): Promise<Facts> => {
  const row = await tx.one(identityById, { id });
  return row === undefined || !isTrueIdentity(keys.rowMacs(), row)
    ? placelessFacts('identity', { target: id, operator: false, ...attributes })
    : identityFacts(row, attributes);
};

/** A token whose row is true. Errors: `identity.token_absent`. */
export const findToken = async (tx: ReadTx, keys: IdentityKeys, accessor: string | null): Promise<TokenRow> => {
  const row = accessor === null ? undefined : await tx.one(tokenByAccessor, { accessor });
  if (row === undefined || !isTrueToken(keys.rowMacs(), row))
    throw identityError('token_absent', 'There is no such token.');
  return row;
};

export const trueTokens = (macs: readonly Mac[], rows: readonly TokenRow[]): TokenRow[] =>
  rows.filter((row) => isTrueToken(macs, row));

const PLACELESS = {
  project: null,
  environment: null,
  name: null,
  production: false,
  tier: null,
} as const;

/** Facts of a deed on an identity; it owns itself. */
export const identityFacts = (row: IdentityRow, attributes: NonNullable<Facts['attributes']> = {}): Facts => ({
  resource: { ...PLACELESS, kind: 'identity', id: row.id, owner: row.id, state: row.state },
  attributes: { target: row.id, operator: row.operator === 1, ...attributes },
});

/** Facts of a deed on a token, which belongs to its identity. */
export const tokenFacts = (row: TokenRow): Facts => ({
  resource: { ...PLACELESS, kind: 'token', id: row.accessor, owner: row.identity, state: null },
  attributes: { target: row.identity },
});

/** Facts of a deed whose token or identity does not exist (yet). */
export const placelessFacts = (
  kind: 'identity' | 'token',
  attributes: NonNullable<Facts['attributes']> = {},
): Facts => ({
  resource: { ...PLACELESS, kind, id: kind, owner: null, state: null },
  attributes,
});

/** A deed acts for the caller it was given, and for nobody else. */
export const checkCaller = (caller: Caller, by: string): void => {
  if (caller.identity !== by)
    throw identityError('wrong_caller', 'The deed names another caller than the one who acts.');
};
