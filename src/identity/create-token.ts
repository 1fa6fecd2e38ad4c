import type { Duration } from '#kernel';
import { type AddressRanges, parseRanges, rangesWithin } from './address.ts';
import type { Caller, TokenScope } from './caller.ts';
import { identityError } from './errors.ts';
import { MAX_TOKEN_LIFE, TOKEN_LIFE, earlier, lifeOf } from './lifetimes.ts';
import { type MintedToken, type TokenPlan, mintToken } from './mint-token.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { type TokenRecord, checkCaller, findIdentity, findToken, identityFacts, tokenRecord } from './records.ts';
import { NO_ROLES, checkScope, scopeWithin } from './scope.ts';

/** What is asked of a new token; what is left out is the most that its maker's token allows. */
export type TokenWish = {
  readonly display?: string;
  /** Until it expires, or is renewed. */
  readonly life?: Duration;
  /** Until it expires for good. */
  readonly maxLife?: Duration;
  readonly renewable?: boolean;
  /** Each renewal lasts this long, whatever is asked. */
  readonly period?: Duration;
  /** How often it may be used; 0 or nothing is without limit. */
  readonly uses?: number;
  readonly addresses?: readonly string[];
  readonly scope?: TokenScope;
};

export type CreateToken = TokenWish & {
  readonly caller: Caller;
  /** A wrapping token can do nothing but unwrap its answer. */
  readonly kind?: 'token' | 'wrapping';
};

/**
 * A child of the caller's own token, for the same identity: never longer life, wider scope or addresses than its
 * parent, never a factor but `token` (proof is not handed on), and revoked with it.
 * Errors: `identity.beyond_parent`, `identity.malformed`.
 */
export const createToken = (ports: IdentityPorts): Deed<CreateToken, MintedToken> => ({
  name: 'identity/create-token',
  action: 'token.create',
  effect: 'change',
  async facts(tx, { caller }) {
    return identityFacts(await findIdentity(tx, ports.keys, caller.identity));
  },
  async apply(tx, { caller, kind = 'token', ...wish }, _facts, { now, by }) {
    checkCaller(caller, by);
    const parent = await makersToken(ports, tx, caller, now);
    if (kind === 'token') requireUnlimited(parent);
    const plan = planToken(wish, parent, now);
    return mintToken(
      ports,
      tx,
      { ...plan, kind, identity: caller.identity, ...(kind === 'wrapping' ? { scope: NO_ROLES } : {}) },
      now,
    );
  },
  summary: (_input, { accessor }) => ({ note: `made ${accessor}` }),
});

/** The token that makes another. Codes and wrapping tokens make none: they prove one step only. */
export const makersToken = async (
  { keys }: IdentityPorts,
  tx: Parameters<typeof findToken>[0],
  caller: Caller,
  now: number,
): Promise<TokenRecord> => {
  const token = tokenRecord(await findToken(tx, keys, caller.accessor));
  const inForce = token.revokedAt === null && (token.expiresAt === null || token.expiresAt > now);
  if (!inForce || token.identity !== caller.identity || (token.kind !== 'session' && token.kind !== 'token'))
    throw identityError('beyond_parent', 'The token in use makes no other tokens.');
  return token;
};

/** A child without a limit of its own would give a parent of few uses as many as it likes. */
export const requireUnlimited = ({ uses }: Pick<TokenRecord, 'uses'>): void => {
  if (uses > 0)
    throw identityError('beyond_parent', 'A token with a limited number of uses makes no other tokens.', {
      field: 'uses',
    });
};

/** A token's plan within its maker's; `parent.expiresAt` bounds it for a child. */
export const planToken = (
  wish: TokenWish,
  parent: Pick<TokenRecord, 'accessor' | 'expiresAt' | 'scope' | 'addresses'> & { readonly orphan?: boolean },
  now: number,
): Omit<TokenPlan, 'identity' | 'kind'> => {
  const bound = parent.orphan === true ? null : parent.expiresAt;
  const life = lifeOf(wish.life, TOKEN_LIFE, 'life');
  const period = wish.period === undefined ? null : lifeOf(wish.period, TOKEN_LIFE, 'period');
  const maxLife = lifeOf(wish.maxLife, MAX_TOKEN_LIFE, 'maxLife');
  if (wish.life !== undefined && bound !== null && now + life > bound)
    throw identityError('beyond_parent', 'The new token would outlive the one that makes it.', { field: 'life' });
  const maxExpiresAt = earlier(now + maxLife, bound);
  return {
    parent: parent.orphan === true ? null : parent.accessor,
    display: wish.display ?? '',
    factors: ['token'],
    scope: scopeFor(wish.scope, parent.scope),
    addresses: addressesFor(wish.addresses, parent.addresses),
    expiresAt: earlier(now + (period ?? life), maxExpiresAt),
    maxExpiresAt,
    period,
    renewable: wish.renewable ?? period !== null,
    uses: usesOf(wish.uses),
  };
};

const scopeFor = (asked: TokenScope | undefined, bound: TokenScope | null): TokenScope | null => {
  if (asked === undefined) return bound;
  const scope = checkScope(asked);
  if (!scopeWithin(scope, bound))
    throw identityError('beyond_parent', 'The new token would reach further than the one that makes it.', {
      field: 'scope',
    });
  return scope;
};

const addressesFor = (asked: readonly string[] | undefined, bound: AddressRanges): AddressRanges => {
  if (asked === undefined) return bound;
  const ranges = parseRanges(asked);
  if (!rangesWithin(ranges, bound))
    throw identityError('beyond_parent', 'The new token would be valid at more addresses than the one that makes it.', {
      field: 'addresses',
    });
  return ranges;
};

/** Most uses one can ask for. */
const MAX_USES = 1_000_000;

const usesOf = (uses = 0): number => {
  if (!Number.isSafeInteger(uses) || uses < 0 || uses > MAX_USES)
    throw identityError('malformed', `A token has 0 (without limit) to ${MAX_USES} uses.`, { field: 'uses' });
  return uses;
};
