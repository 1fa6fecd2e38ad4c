import { type Duration } from '#kernel';
import type { Caller } from './caller.ts';
import { identityError } from './errors.ts';
import { TOKEN_LIFE, earlier, lifeOf } from './lifetimes.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { type TokenRecord, checkCaller, findToken, tokenRecord } from './records.ts';
import { findOwnToken, ownTokenFacts } from './revoke-token.ts';
import { sealToken, updateToken } from './tables.ts';

export type RenewToken = {
  readonly caller: Caller;
  /** One of the caller's own; the token in use when left out. */
  readonly accessor?: string;
  /** Asked length; a token with a period always gets its period. */
  readonly life?: Duration;
};

/**
 * A later end, never beyond the token's own maximum nor its parent's end.
 * One that is foreign or is not there is refused: nobody owns it. Errors: `identity.not_renewable`.
 */
export const renewToken = ({ keys }: IdentityPorts): Deed<RenewToken, TokenRecord> => ({
  name: 'identity/renew-token',
  action: 'token.renew',
  effect: 'change',
  async facts(tx, { caller, accessor }) {
    return ownTokenFacts(tx, keys, caller, accessor);
  },
  async apply(tx, { caller, accessor, life }, _facts, { now, by }) {
    checkCaller(caller, by);
    const row = await findOwnToken(tx, keys, caller, accessor);
    if (row.renewable !== 1) throw identityError('not_renewable', 'This token cannot be renewed.');
    if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now))
      throw identityError('not_renewable', 'This token is no longer in force.');
    const parent = row.parent === null ? null : await findToken(tx, keys, row.parent);
    const wanted = now + (row.period ?? lifeOf(life, TOKEN_LIFE, 'life'));
    const expires_at = earlier(wanted, earlier(row.max_expires_at, parent?.expires_at ?? null));
    const renewed = sealToken(keys.rowMac(), { ...row, expires_at });
    await tx.run(updateToken, renewed);
    return tokenRecord(renewed);
  },
});
