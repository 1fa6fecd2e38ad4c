import { type Id, type Secret, newId } from '#kernel';
import type { WriteTx } from '#storage';
import type { AddressRanges } from './address.ts';
import type { Factor, TokenScope } from './caller.ts';
import { identityError } from './errors.ts';
import type { IdentityPorts } from './ports.ts';
import { scopeText } from './scope.ts';
import { type TokenKind, insertToken, insertUse, sealToken } from './tables.ts';
import { newToken, tokenDigest } from './token.ts';

/** Longest display name of a token, in characters. */
export const MAX_DISPLAY = 64;

export type TokenPlan = {
  readonly identity: string;
  readonly parent: string | null;
  readonly kind: TokenKind;
  /** For people, in lists; never proof of anything. */
  readonly display: string;
  readonly factors: readonly Factor[];
  readonly scope: TokenScope | null;
  readonly addresses: AddressRanges;
  readonly expiresAt: number | null;
  readonly maxExpiresAt: number | null;
  /** Length of each renewal in milliseconds; null for what the caller asks. */
  readonly period: number | null;
  readonly renewable: boolean;
  readonly uses: number;
};

export type MintedToken = {
  readonly token: Secret;
  readonly accessor: Id<'acc'>;
  readonly identity: string;
  readonly expiresAt: number | null;
  readonly renewable: boolean;
  readonly uses: number;
};

/** Stores a token's row and gives the token: the only time its text exists. */
export const mintToken = async (
  { random, keys }: IdentityPorts,
  tx: WriteTx,
  plan: TokenPlan,
  now: number,
): Promise<MintedToken> => {
  checkDisplay(plan.display);
  const token = newToken(random);
  const accessor = newId('acc', random);
  await tx.run(
    insertToken,
    sealToken(keys.rowMac(), {
      accessor,
      digest: tokenDigest(keys.tokenMacs()[0]!, token),
      identity: plan.identity,
      parent: plan.parent,
      kind: plan.kind,
      display: plan.display,
      factors: JSON.stringify(plan.factors),
      scope: scopeText(plan.scope),
      addresses: JSON.stringify(plan.addresses),
      created_at: now,
      expires_at: plan.expiresAt,
      max_expires_at: plan.maxExpiresAt,
      period: plan.period,
      renewable: plan.renewable ? 1 : 0,
      uses: plan.uses,
      revoked_at: null,
    }),
  );
  if (plan.uses > 0) await tx.run(insertUse, { accessor, used: 0 });
  return {
    token,
    accessor,
    identity: plan.identity,
    expiresAt: plan.expiresAt,
    renewable: plan.renewable,
    uses: plan.uses,
  };
};

const checkDisplay = (display: string): void => {
  if (display.length > MAX_DISPLAY || /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(display))
    throw identityError('malformed', `A token's display name has at most ${MAX_DISPLAY} printable characters.`, {
      field: 'display',
    });
};
